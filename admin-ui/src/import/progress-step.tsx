// The last step: how far the import is, what became of it, its rejects, and the way back.
import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { type ApiRecord, readRecord } from '../api/records.ts';
import { formatNumber } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import { PageLoading } from '../shell/page-loading.tsx';
import { OptionBadge } from '../value/option-badge.tsx';
import classes from './import.module.css';
import { actOnImport, saveRejects } from './import-api.ts';

const underWay = ['queued', 'running', 'undoing'];
/** As often as there is something new, and no oftener than one can read. */
const pollMs = 700;
/** What is shown of the record, where it is not nought. */
const counts = [
  'rows_created',
  'rows_updated',
  'rows_unchanged',
  'rows_skipped',
  'rows_rejected',
  'fields_rejected',
  'duplicates_found',
  'records_removed',
  'records_reverted',
  'records_kept',
];

const count = (record: ApiRecord, name: string): number => Number(record[name] ?? 0);

interface ProgressStepProps {
  readonly entity: MetaEntity;
  /** Of the record of the import. */
  readonly id: string;
  readonly onAnother: () => void;
}

export function ProgressStep({ entity, id, onAnother }: ProgressStepProps) {
  const { t } = useText();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['import', id],
    queryFn: ({ signal }) => readRecord('imports', id, [], signal),
    refetchInterval: ({ state }) =>
      state.data === undefined || underWay.includes(String(state.data['status'])) ? pollMs : false,
  });
  const done = data !== undefined && !underWay.includes(String(data['status']));
  useEffect(() => {
    if (done) void queries.invalidateQueries({ queryKey: ['records', entity.name] });
  }, [done, queries, entity.name]);
  const [problem, setProblem] = useState<string | null>(null);
  if (error !== null && data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageLoading />;
  const trying = (work: () => Promise<unknown>) => async (): Promise<void> => {
    setProblem(null);
    try {
      await work();
      await refetch();
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message : t('error.unexpected'));
    }
  };
  return (
    <>
      <ProgressHead record={data} />
      <Counts record={data} />
      {problem === null && typeof data['error'] !== 'string' ? null : (
        <Alert role="alert" color="red" variant="light">
          {problem ?? String(data['error'])}
        </Alert>
      )}
      <Group justify="flex-end" className={classes.foot ?? ''}>
        {done ? (
          <Finished record={data} trying={trying} />
        ) : (
          <Button
            variant="default"
            disabled={data['status'] === 'undoing'}
            onClick={() => void trying(() => actOnImport(id, 'cancel'))()}
          >
            {t('import.cancel')}
          </Button>
        )}
        {done ? (
          <>
            <Button variant="default" onClick={onAnother}>
              {t('import.other')}
            </Button>
            <Button
              renderRoot={(props) => <Link {...props} to="/records/$entity" params={{ entity: entity.name }} search={{}} />}
            >
              {t('action.done')}
            </Button>
          </>
        ) : null}
      </Group>
    </>
  );
}

function ProgressHead({ record }: { readonly record: ApiRecord }) {
  const { t, language } = useText();
  const options = useEntity('imports')?.fields['status']?.options ?? [];
  const [read, total] = [count(record, 'rows_read'), count(record, 'rows_total')];
  const running = underWay.includes(String(record['status']));
  return (
    <div className={classes.progress}>
      <Group justify="space-between">
        <Text fw={600}>
          <bdi>{String(record['file_name'])}</bdi>
        </Text>
        <OptionBadge options={options} value={String(record['status'])} />
      </Group>
      <Progress
        value={total === 0 ? 100 : (100 * read) / total}
        animated={running}
        aria-label={t('import.progress')}
        size="lg"
        radius="xl"
      />
      <Text size="sm" c="dimmed" role="status">
        {t('import.read', { read: formatNumber(language, read), total: formatNumber(language, total) })}
      </Text>
    </div>
  );
}

function Counts({ record }: { readonly record: ApiRecord }) {
  const { label, language } = useText();
  const fields = useEntity('imports')?.fields;
  return (
    <dl className={classes.counts}>
      {counts
        .filter((name) => count(record, name) > 0)
        .map((name) => (
          <div key={name}>
            <dt>{label(fields?.[name]?.label)}</dt>
            <dd>{formatNumber(language, count(record, name))}</dd>
          </div>
        ))}
    </dl>
  );
}

interface FinishedProps {
  readonly record: ApiRecord;
  readonly trying: (work: () => Promise<unknown>) => () => Promise<void>;
}

function Finished({ record, trying }: FinishedProps) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  const changed = count(record, 'rows_created') + count(record, 'rows_updated');
  const rejects = count(record, 'rows_rejected') + count(record, 'fields_rejected');
  return (
    <>
      {rejects > 0 ? (
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void trying(() => saveRejects(record.id, String(record['file_name'])))()}
        >
          {t('import.rejects')}
        </Button>
      ) : null}
      {changed > 0 && record['status'] !== 'undone' ? (
        <Button
          variant={asking ? 'filled' : 'default'}
          color={asking ? 'red.9' : ''}
          leftSection={<IconArrowBackUp size={16} aria-hidden className={classes.mirrored ?? ''} />}
          onBlur={() => setAsking(false)}
          onClick={() => {
            setAsking(!asking);
            if (asking) void trying(() => actOnImport(record.id, 'undo'))();
          }}
        >
          {asking ? t('import.undoSure') : t('import.undo')}
        </Button>
      ) : null}
    </>
  );
}
