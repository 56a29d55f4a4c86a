// Records that belong to this one, as the layout says: a short table, the way to all of them, and a new one.
import { Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { FormRelatedList } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { formatNumber } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import { columnsOf } from '../list/columns.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import classes from './record.module.css';
import { RelatedRows } from './related-rows.tsx';
import { useRelated } from './use-related.ts';

interface RelatedListProps {
  readonly list: FormRelatedList;
  readonly entity: MetaEntity;
  readonly record: ApiRecord;
}

interface ActionsProps extends RelatedListProps {
  readonly target: MetaEntity;
  readonly hasMore: boolean;
}

function Actions({ list, entity, record, target, hasMore }: ActionsProps) {
  const { t, one } = useText();
  const { field, typeField } = list;
  if (field === undefined) return null;
  const where = [
    ...(typeField === undefined ? [] : [{ field: typeField, op: 'eq', value: entity.name }]),
    { field, op: 'eq', value: record.id },
  ];
  const set = { ...(typeField === undefined ? {} : { [typeField]: entity.name }), [field]: record.id };
  return (
    <Group gap="xs">
      {hasMore ? (
        <Button
          size="xs"
          variant="subtle"
          renderRoot={(props) => <Link {...props} to="/records/$entity" params={{ entity: target.name }} search={{ where }} />}
        >
          {t('related.all')}
        </Button>
      ) : null}
      {target.operations.includes('create') ? (
        <Button
          size="xs"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden />}
          renderRoot={(props) => <Link {...props} to="/records/$entity/new" params={{ entity: target.name }} search={{ set }} />}
        >
          {t('list.new', { one: one(target.label) })}
        </Button>
      ) : null}
    </Group>
  );
}

function Related({ target, ...props }: RelatedListProps & { readonly target: MetaEntity }) {
  const { list, entity, record } = props;
  const { t, language } = useText();
  const columns = columnsOf(target, list.columns);
  const { data, error, isPending, refetch } = useRelated(list, entity, record.id, target, columns);
  const id = `related-${list.relation}`;
  return (
    <Paper component="section" withBorder className={classes.card ?? ''} aria-labelledby={id}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5" id={id}>
          {list.title}{' '}
          {data?.page.total === undefined ? null : (
            <Text span c="dimmed" size="sm" fw={400}>
              {formatNumber(language, data.page.total)}
            </Text>
          )}
        </Title>
        <Actions {...props} target={target} hasMore={data?.page.hasNext === true} />
      </Group>
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {isPending ? <Skeleton height={88} /> : null}
      {data === undefined ? null : data.data.length === 0 ? (
        <Text c="dimmed">{t('related.none')}</Text>
      ) : (
        <RelatedRows entity={target} columns={columns} rows={data.data} label={list.title} />
      )}
    </Paper>
  );
}

export default function RelatedList(props: RelatedListProps) {
  const target = useEntity(props.list.entity);
  return target === undefined ? null : <Related {...props} target={target} />;
}
