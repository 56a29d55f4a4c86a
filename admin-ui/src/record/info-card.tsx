// Who made the record and who changed it last, and when.
import { Paper, Title } from '@mantine/core';
import type { ApiRecord } from '../api/records.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import classes from './record.module.css';

const nameOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null ? ((value as ApiRecord).display_name ?? null) : null;

interface MomentProps {
  readonly term: string;
  readonly at: unknown;
  readonly by: string | null;
}

function Moment({ term, at, by }: MomentProps) {
  const { t, language } = useText();
  if (typeof at !== 'string') return null;
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <time dateTime={at}>
          <bdi>{formatDateTime(language, at)}</bdi>
        </time>
        <span className={classes.by}>
          <bdi>{by ?? t('record.bySystem')}</bdi>
        </span>
      </dd>
    </div>
  );
}

export function InfoCard({ record }: { readonly record: ApiRecord }) {
  const { t } = useText();
  return (
    <Paper component="section" withBorder className={classes.card ?? ''} aria-labelledby="info-title">
      <Title order={2} size="h5" id="info-title">
        {t('record.info')}
      </Title>
      <dl className={classes.facts}>
        <Moment term={t('record.createdAt')} at={record['created_at']} by={nameOf(record['creator'])} />
        <Moment term={t('record.updatedAt')} at={record['updated_at']} by={nameOf(record['updater'])} />
      </dl>
    </Paper>
  );
}
