// The value of a filter row, with the input that its kind and its operator call for.
import { Group, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import type { Operator } from '../../../server/conditions/operators.ts';
import type { ValueKind } from '../../../server/conditions/value-kind.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { LookupInput } from '../form/widgets/lookup-input.tsx';
import { useText } from '../i18n/use-text.ts';
import type { FilterPath } from './filter-fields.ts';
import { kindOfPath } from './filter-parameters.ts';
import type { FilterRow } from './list-search.ts';

interface FilterValueProps {
  readonly path: FilterPath;
  readonly entity: MetaEntity;
  readonly operator: Operator;
  readonly value: FilterRow['value'];
  readonly onChange: (value: FilterRow['value']) => void;
}

const inputTypes: Partial<
  Record<ValueKind, { readonly type?: string; readonly inputMode?: 'decimal' | 'numeric'; readonly step?: number }>
> = {
  date: { type: 'date' },
  dateTime: { type: 'datetime-local' },
  time: { type: 'time' },
  decimal: { inputMode: 'decimal' },
  integer: { inputMode: 'numeric' },
};

/** `datetime-local` speaks the reader's time without a zone; the server wants an instant. */
const toLocal = (instant: string): string => {
  const date = new Date(instant);
  if (instant === '' || Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const toInstant = (local: string): string => (local === '' ? '' : new Date(local).toISOString());

interface OneProps {
  readonly kind: ValueKind;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function One({ kind, label, value, onChange }: OneProps) {
  return (
    <TextInput
      {...inputTypes[kind]}
      aria-label={label}
      style={{ flex: 1 }}
      value={kind === 'dateTime' ? toLocal(value) : value}
      onChange={(event) => onChange(kind === 'dateTime' ? toInstant(event.currentTarget.value) : event.currentTarget.value)}
    />
  );
}

export function FilterValue({ path, entity, operator, value, onChange }: FilterValueProps) {
  const { t, label } = useText();
  const kind = kindOfPath(entity, path.path) ?? 'text';
  const values = typeof value === 'string' ? (value === '' ? [] : [value]) : value;
  const first = values[0] ?? '';
  const options = path.field.options?.map((option) => ({ value: option.value, label: label(option.label) }));
  const target = path.field.relation === undefined ? undefined : entity.relations[path.field.relation]?.target;
  const common = { 'aria-label': t('filter.value'), comboboxProps: { shadow: 'md' } } as const;

  if (operator.shape === 'flag' || kind === 'boolean') {
    const yesNo = [
      { value: 'true', label: t('value.yes') },
      { value: 'false', label: t('value.no') },
    ];
    // An unfilled flag asks for the empty ones, which is what its operator says.
    return (
      <Select
        {...common}
        allowDeselect={false}
        data={yesNo}
        value={first === '' && operator.shape === 'flag' ? 'true' : first || null}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  if (operator.shape === 'range') {
    const [low = '', high = ''] = values.length === 2 ? values : [first, ''];
    return (
      <Group gap={6} wrap="nowrap">
        <One kind={kind} label={t('filter.from')} value={low} onChange={(next) => onChange([next, high])} />
        <One kind={kind} label={t('filter.to')} value={high} onChange={(next) => onChange([low, next])} />
      </Group>
    );
  }
  if (options !== undefined) {
    return operator.shape === 'many' ? (
      <MultiSelect {...common} searchable data={options} value={[...values]} onChange={onChange} />
    ) : (
      <Select {...common} searchable data={options} value={first || null} onChange={(next) => onChange(next ?? '')} />
    );
  }
  if (operator.shape === 'many') return <TagsInput aria-label={t('filter.values')} value={[...values]} onChange={onChange} />;
  if (target !== undefined && kind === 'id') {
    return (
      <LookupInput
        entity={target}
        ariaLabel={t('filter.value')}
        value={first || null}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  return <One kind={kind} label={t('filter.value')} value={first} onChange={onChange} />;
}
