// The filter bar: rows of field, operator, value. A row acts as soon as it is filled in.
import { Button, Group } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { FilterEditor } from './filter-editor.tsx';
import { firstRow } from './filter-fields.ts';
import { conditionOf } from './filter-parameters.ts';
import classes from './list.module.css';
import type { FilterRow } from './list-search.ts';

interface FilterBarProps {
  readonly entity: MetaEntity;
  readonly rows: readonly FilterRow[];
  readonly onChange: (rows: readonly FilterRow[]) => void;
}

interface Draft {
  readonly key: string;
  readonly row: FilterRow;
}

let drawn = 0;
const draft = (row: FilterRow): Draft => {
  drawn += 1;
  return { key: `filter-${drawn}`, row };
};

export default function FilterBar({ entity, rows, onChange }: FilterBarProps) {
  const { t } = useText();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => (rows.length === 0 ? [firstRow(entity)] : rows).map(draft));
  const publish = useDebouncedCallback((next: readonly Draft[]) => {
    onChange(next.map((one) => one.row).filter((row) => conditionOf(entity, row) !== undefined));
  }, 300);
  const set = (next: readonly Draft[]): void => {
    setDrafts(next);
    publish(next);
  };
  // Cleared from outside (the empty page's button): the bar follows.
  const cleared = rows.length === 0;
  useEffect(() => {
    if (cleared)
      setDrafts((old) => (old.some((one) => conditionOf(entity, one.row) !== undefined) ? [draft(firstRow(entity))] : old));
  }, [cleared, entity]);
  return (
    <section className={classes.filters} aria-label={t('list.filters')}>
      {drafts.map(({ key, row }, index) => (
        <FilterEditor
          key={key}
          entity={entity}
          row={row}
          position={index + 1}
          onChange={(next) => set(drafts.map((one) => (one.key === key ? { key, row: next } : one)))}
          onRemove={() => set(drafts.filter((one) => one.key !== key))}
        />
      ))}
      <Group gap="xs">
        <Button
          size="xs"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set([...drafts, draft(firstRow(entity))])}
        >
          {t('filter.add')}
        </Button>
        {drafts.length > 0 ? (
          <Button size="xs" variant="subtle" color="gray" c="var(--mantine-color-text)" onClick={() => set([])}>
            {t('list.clear')}
          </Button>
        ) : null}
      </Group>
    </section>
  );
}
