// One value of a record as people read it: by the type of its field, in the reader's language, safe for both directions.
import { ColorSwatch } from '@mantine/core';
import { type NameOrder, type NameParts, personNameText } from '../../../server/fields/person-name-text.ts';
import type { MetaField } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  nameOf,
} from '../i18n/format.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { OptionBadge } from './option-badge.tsx';
import { ReferenceValue } from './reference-value.tsx';
import classes from './value.module.css';

interface ValueProps {
  /** Plural name of the entity that a reference points to; only needed where the record does not bring the related one. */
  readonly target?: string | undefined;
  readonly field: MetaField;
  readonly record: ApiRecord;
  /** Instead of the record's own value: for before/after in the audit. */
  readonly value?: unknown;
}

/** What stands in the HTML; the browser's own parser makes a document of it that nothing runs or loads in. */
const textOfHtml = (html: string): string => {
  const { body } = new DOMParser().parseFromString(html.replace(/<(\/p|\/li|\/h\d|br ?\/?)>/g, '$& '), 'text/html');
  return (body.textContent ?? '').trim();
};

/** Plain text of values that need no markup; undefined where there is none. */
function plain(field: MetaField, value: unknown, record: ApiRecord, { language }: Text): string | undefined {
  const numeric = typeof value === 'string' || typeof value === 'number';
  switch (field.type) {
    case 'date':
      return formatDate(language, String(value));
    case 'dateTime':
      return formatDateTime(language, String(value));
    case 'integer':
    case 'decimal':
      return numeric ? formatNumber(language, value) : undefined;
    case 'duration':
      return typeof value === 'number' ? formatDuration(language, value) : undefined;
    case 'percent':
      return numeric ? formatPercent(language, value) : undefined;
    case 'money': {
      const currency = field.currencyField === undefined ? undefined : record[field.currencyField];
      return numeric ? formatMoney(language, value, typeof currency === 'string' ? currency : undefined) : undefined;
    }
    case 'address': {
      if (typeof value !== 'object' || value === null) return undefined;
      const parts = { ...(value as Record<string, unknown>) };
      if (typeof parts['country'] === 'string') parts['country'] = nameOf(language, 'region', parts['country']);
      const names = field.parts === undefined ? Object.keys(parts) : Object.keys(field.parts);
      return names.flatMap((name) => (typeof parts[name] === 'string' ? [parts[name]] : [])).join(', ');
    }
    case 'file':
    case 'image': {
      const { name, size } = value as { readonly name?: unknown; readonly size?: unknown };
      return typeof size === 'number' ? `${name} (${formatBytes(language, size)})` : String(name ?? '');
    }
    case 'richText':
      return textOfHtml(String(value));
    case 'personName':
      return typeof value === 'object' && value !== null
        ? personNameText(value as NameParts, (field as { readonly order?: NameOrder }).order)
        : undefined;
    case 'rating':
      return numeric ? formatNumber(language, value) : undefined;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

const latin: ReadonlySet<string> = new Set([
  'email',
  'phone',
  'url',
  'color',
  'autoNumber',
  'time',
  'money',
  'decimal',
  'integer',
]);
const numbers: ReadonlySet<string> = new Set(['integer', 'decimal', 'percent', 'money', 'rating', 'duration']);

export const isNumeric = (field: MetaField): boolean => numbers.has(field.type) && field.type !== 'rating';

export function Value({ field, record, target, value = record[field.name] }: ValueProps) {
  const text = useText();
  if (value === null || value === undefined || value === '') return <span className={classes.empty} aria-hidden="true" />;
  if (field.type === 'boolean')
    return <span className={value === true ? undefined : classes.no}>{text.t(value === true ? 'value.yes' : 'value.no')}</span>;
  if (field.options !== undefined) {
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => <OptionBadge key={String(one)} options={field.options ?? []} value={String(one)} />);
  }
  if (field.relation !== undefined)
    return <ReferenceValue relation={field.relation} target={target} record={record} value={String(value)} />;
  if (field.type === 'color') {
    return (
      <span className={classes.color}>
        <ColorSwatch color={String(value)} size={14} withShadow={false} />
        <bdi dir="ltr">{String(value)}</bdi>
      </span>
    );
  }
  return <bdi {...(latin.has(field.type) ? { dir: 'ltr' as const } : {})}>{plain(field, value, record, text)}</bdi>;
}
