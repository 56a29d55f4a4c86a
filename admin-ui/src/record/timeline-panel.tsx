// What happened to the record, newest first.
import { Button, Paper, Skeleton, Text, Timeline, Title, Tooltip } from '@mantine/core';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { formatDateTime, formatRelative } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { Failure } from '../shell/failure.tsx';
import classes from './record.module.css';
import { useStory } from './use-story.ts';

/** Labels of the fields that an entry says were changed. */
function useChangedLabels(entity: MetaEntity): (row: ApiRecord) => string {
  const { label, language } = useText();
  return (row) => {
    const data = row['data'];
    const changed: unknown = typeof data === 'object' && data !== null ? (data as { changed?: unknown }).changed : undefined;
    if (!Array.isArray(changed)) return '';
    const labels = changed.flatMap((name: unknown) => {
      const field = typeof name === 'string' && Object.hasOwn(entity.fields, name) ? entity.fields[name] : undefined;
      return field === undefined || field.system ? [] : [label(field.label)];
    });
    return new Intl.ListFormat(language, { type: 'conjunction' }).format(labels);
  };
}

function actorOf(row: ApiRecord): string | null {
  const actor = row['actor'];
  return typeof actor === 'object' && actor !== null ? ((actor as ApiRecord).display_name ?? null) : null;
}

export default function TimelinePanel({ entity, id }: { readonly entity: MetaEntity; readonly id: string }) {
  const { t, label, language } = useText();
  const kinds = useEntity('timeline')?.fields['kind']?.options ?? [];
  const story = useStory('timeline', ['parent_type', 'parent_id'], entity.name, id);
  const changed = useChangedLabels(entity);
  const titleOf = (row: ApiRecord): string => {
    if (typeof row['summary'] === 'string' && row['summary'] !== '') return row['summary'];
    const kind = kinds.find((option) => option.value === row['kind']);
    return kind === undefined ? String(row['kind']) : label(kind.label);
  };
  return (
    <Paper component="section" withBorder className={classes.card ?? ''} aria-labelledby="timeline-title">
      <Title order={2} size="h5" id="timeline-title" mb="md">
        {t('timeline.title')}
      </Title>
      {story.error === null ? null : <Failure error={story.error} onRetry={story.retry} />}
      {story.isLoading ? <Skeleton height={120} /> : null}
      {!story.isLoading && story.error === null && story.rows.length === 0 ? <Text c="dimmed">{t('timeline.empty')}</Text> : null}
      <Timeline bulletSize={14} lineWidth={2} active={-1} align="left">
        {story.rows.map((row) => {
          const at = String(row['created_at']);
          const detail = changed(row);
          return (
            <Timeline.Item key={row.id} title={<bdi>{titleOf(row)}</bdi>}>
              {detail === '' ? null : <Text size="sm">{detail}</Text>}
              <Text size="xs" c="dimmed">
                <bdi>{actorOf(row) ?? t('record.bySystem')}</bdi>
                {' · '}
                <Tooltip label={formatDateTime(language, at)}>
                  <time dateTime={at}>{formatRelative(language, at)}</time>
                </Tooltip>
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
      {story.more === undefined ? null : (
        <Button mt="sm" size="xs" variant="light" loading={story.isLoadingMore} onClick={story.more}>
          {t('list.more')}
        </Button>
      )}
    </Paper>
  );
}
