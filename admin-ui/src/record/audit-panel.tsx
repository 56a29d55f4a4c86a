// Who changed what and when, field by field, before and after.
import { Button, Paper, Skeleton, Text, Title } from '@mantine/core';
import { IconArrowNarrowRight } from '@tabler/icons-react';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import { OptionBadge } from '../value/option-badge.tsx';
import { Value } from '../value/value.tsx';
import classes from './record.module.css';
import { useStory } from './use-story.ts';

interface FieldChange {
  readonly before?: unknown;
  readonly after?: unknown;
  readonly secret?: boolean;
}

/** In the order of the entity's fields. */
function changesOf(entity: MetaEntity, row: ApiRecord): readonly (readonly [string, FieldChange])[] {
  const changes = row['changes'];
  if (typeof changes !== 'object' || changes === null) return [];
  const order = Object.keys(entity.fields);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(changes as Record<string, FieldChange>).sort(([left], [right]) => place(left) - place(right));
}

interface ChangeProps {
  readonly entity: MetaEntity;
  readonly name: string;
  readonly change: FieldChange;
  /** All values of that moment, for what a value needs beside it: an amount its currency. */
  readonly row: { readonly before: ApiRecord; readonly after: ApiRecord };
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined;

function Sides({ field, entity, change, row }: Omit<ChangeProps, 'name'> & { readonly field: MetaField }) {
  const { t } = useText();
  const target = field.relation === undefined ? undefined : entity.relations[field.relation]?.target;
  const after = <Value field={field} record={row.after} value={change.after} target={target} />;
  // What was empty before needs no arrow: it was set.
  if (isEmpty(change.before)) return <ins className={classes.after}>{after}</ins>;
  return (
    <>
      <del className={classes.before}>
        <Value field={field} record={row.before} value={change.before} target={target} />
      </del>
      <IconArrowNarrowRight size={18} className={classes.arrow} aria-label={t('audit.became')} role="img" />
      {isEmpty(change.after) ? <span>{t('audit.nothing')}</span> : <ins className={classes.after}>{after}</ins>}
    </>
  );
}

function Change({ entity, name, change, row }: ChangeProps) {
  const { t, label } = useText();
  const field = Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
  return (
    <div className={classes.change}>
      <dt>
        <bdi>{field === undefined ? name : label(field.label)}</bdi>
      </dt>
      <dd>
        {change.secret === true || field === undefined ? (
          <Text span c="dimmed" size="sm">
            {t('audit.secret')}
          </Text>
        ) : (
          <Sides field={field} entity={entity} change={change} row={row} />
        )}
      </dd>
    </div>
  );
}

interface EntryProps {
  readonly entity: MetaEntity;
  readonly record: ApiRecord;
  readonly row: ApiRecord;
}

function Entry({ entity, record, row }: EntryProps) {
  const { t, language } = useText();
  const operations = useEntity('auditlog')?.fields['operation']?.options ?? [];
  const actor = row['actor'] as ApiRecord | null | undefined;
  const changes = changesOf(entity, row);
  const side = (which: 'before' | 'after'): ApiRecord => ({
    ...record,
    ...Object.fromEntries(changes.map(([name, change]) => [name, change[which]])),
  });
  const sides = { before: side('before'), after: side('after') };
  return (
    <li className={classes.entry}>
      <div className={classes.entryHead}>
        <OptionBadge options={operations} value={String(row['operation'])} />
        <bdi>{actor?.display_name ?? t('record.bySystem')}</bdi>
        <Text span size="sm" c="dimmed">
          <time dateTime={String(row['created_at'])}>
            <bdi>{formatDateTime(language, String(row['created_at']))}</bdi>
          </time>
        </Text>
      </div>
      {changes.length === 0 ? null : (
        <dl className={classes.changes}>
          {changes.map(([name, change]) => (
            <Change key={name} entity={entity} name={name} change={change} row={sides} />
          ))}
        </dl>
      )}
    </li>
  );
}

export default function AuditPanel({ entity, record }: { readonly entity: MetaEntity; readonly record: ApiRecord }) {
  const { t } = useText();
  const story = useStory('auditlog', ['record_type', 'record_id'], entity.name, record.id);
  return (
    <Paper component="section" withBorder className={classes.card ?? ''} aria-labelledby="audit-title">
      <Title order={2} size="h5" id="audit-title" mb="sm">
        {t('audit.title')}
      </Title>
      {story.error === null ? null : <Failure error={story.error} onRetry={story.retry} />}
      {story.isLoading ? <Skeleton height={160} /> : null}
      {!story.isLoading && story.error === null && story.rows.length === 0 ? <Text c="dimmed">{t('audit.empty')}</Text> : null}
      <ol className={classes.entries}>
        {story.rows.map((row) => (
          <Entry key={row.id} entity={entity} record={record} row={row} />
        ))}
      </ol>
      {story.more === undefined ? null : (
        <Button mt="sm" size="xs" variant="light" loading={story.isLoadingMore} onClick={story.more}>
          {t('list.more')}
        </Button>
      )}
    </Paper>
  );
}
