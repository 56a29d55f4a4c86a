// The second step: columns to fields, with the first rows beside it, each change shown at once. Nothing is written yet.
import { Alert, Button, Group, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { ApiProblem } from '../api/problem.ts';
import { formatNumber } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import value from '../value/value.module.css';
import classes from './import.module.css';
import { type Mapping, type Preview, previewWith, type Remember, startImport } from './import-api.ts';
import { MappingOptions } from './mapping-options.tsx';
import { MappingTable } from './mapping-table.tsx';
import { PreviewRows } from './preview-rows.tsx';

const origins: Readonly<Record<Preview['from'], string>> = {
  me: 'import.fromMe',
  everyone: 'import.fromAll',
  application: 'import.fromApplication',
  guess: 'import.fromGuess',
  request: 'import.fromGuess',
};

interface MappingStepProps {
  readonly entity: MetaEntity;
  readonly looked: Preview;
  readonly onStarted: (id: string) => void;
  readonly onBack: () => void;
}

const sentence = (error: unknown, fallback: string): string =>
  error instanceof ApiProblem ? [error.message, ...error.issues.map(({ detail }) => detail)].join(' ') : fallback;

export function MappingStep({ entity, looked, onStarted, onBack }: MappingStepProps) {
  const { t, language } = useText();
  const {
    id: _id,
    entity: _entity,
    label: _label,
    ...given
  } = looked.mapping as Mapping & Record<'id' | 'entity' | 'label', unknown>;
  const [mapping, setMapping] = useState<Mapping>(given);
  const [remember, setRemember] = useState<Remember>('me');
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [asked] = useDebouncedValue(mapping, 300);
  const empty = Object.keys(asked.fields).length === 0;
  const preview = useQuery({
    queryKey: ['import-preview', entity.name, looked.file, asked],
    queryFn: ({ signal }) => previewWith(entity.name, looked.file, asked, signal),
    placeholderData: keepPreviousData,
    enabled: !empty && asked !== given,
    retry: false,
  });
  const rows = empty ? [] : (preview.data ?? looked).preview;
  const problem = preview.error === null ? refused : sentence(preview.error, t('error.unexpected'));
  const start = async (): Promise<void> => {
    setStarting(true);
    setRefused(null);
    try {
      onStarted(await startImport(entity.name, looked.file, mapping, remember));
    } catch (error) {
      setRefused(sentence(error, t('error.unexpected')));
      setStarting(false);
    }
  };
  return (
    <>
      <Group gap="sm">
        <Text fw={600}>
          <bdi>{looked.name}</bdi>
        </Text>
        <Text c="dimmed" size="sm">
          {t('import.rows', { shown: formatNumber(language, looked.rows) })}
        </Text>
        <span className={value.badge} data-color="blue">
          {t(origins[looked.from])}
        </span>
      </Group>
      <MappingTable entity={entity} looked={looked} mapping={mapping} onChange={setMapping} />
      <MappingOptions entity={entity} mapping={mapping} remember={remember} onChange={setMapping} onRemember={setRemember} />
      <Title order={2} size="h4">
        {t('import.preview')}
      </Title>
      {problem === null ? null : (
        <Alert role="alert" color="red" variant="light">
          {problem}
        </Alert>
      )}
      {rows.length === 0 ? (
        <Text c="dimmed">{t('import.nothing')}</Text>
      ) : (
        <PreviewRows entity={entity} rows={rows} stale={preview.isFetching} />
      )}
      <Group justify="flex-end" className={classes.foot ?? ''}>
        <Button variant="default" onClick={onBack}>
          {t('import.other')}
        </Button>
        <Button disabled={rows.length === 0 || preview.error !== null} loading={starting} onClick={() => void start()}>
          {t('import.start')}
        </Button>
      </Group>
    </>
  );
}
