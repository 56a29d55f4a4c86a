// One row of the filter bar: which field, which operator, which value.
import { ActionIcon, Select, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { operatorByAlias } from '../../../server/conditions/operators.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { filterPaths, firstOperator } from './filter-fields.ts';
import { FilterValue } from './filter-value.tsx';
import classes from './list.module.css';
import type { FilterRow } from './list-search.ts';

interface FilterEditorProps {
  readonly entity: MetaEntity;
  readonly row: FilterRow;
  readonly position: number;
  readonly onChange: (row: FilterRow) => void;
  readonly onRemove: () => void;
}

const selectProps = { allowDeselect: false, comboboxProps: { shadow: 'md' } } as const;

export function FilterEditor({ entity, row, position, onChange, onRemove }: FilterEditorProps) {
  const { t, label } = useText();
  const paths = useMemo(() => filterPaths(entity), [entity]);
  const chosen = paths.find((path) => path.path === row.field);
  const operator = operatorByAlias(row.op);
  return (
    <fieldset className={classes.filter} aria-label={t('filter.row', { position })}>
      <div>
        <Select
          {...selectProps}
          searchable
          aria-label={t('filter.field')}
          nothingFoundMessage={t('search.nothing')}
          data={paths.map((path) => ({ value: path.path, label: path.label.map(label).join(' · ') }))}
          value={row.field}
          onChange={(field) => {
            const next = paths.find((path) => path.path === field);
            if (next !== undefined) onChange({ field: next.path, op: firstOperator(next), value: '' });
          }}
        />
      </div>
      <div>
        <Select
          {...selectProps}
          aria-label={t('filter.operator')}
          data={(chosen?.operators ?? []).map((alias) => ({ value: alias, label: label(operatorByAlias(alias)?.label) }))}
          value={row.op}
          onChange={(op) => {
            if (op === null) return;
            const same = operatorByAlias(op)?.shape === operator?.shape;
            onChange({ ...row, op, value: same ? row.value : '' });
          }}
        />
      </div>
      <div className={classes.filterValue}>
        {chosen === undefined || operator === undefined ? null : (
          <FilterValue
            path={chosen}
            entity={entity}
            operator={operator}
            value={row.value}
            onChange={(value) => onChange({ ...row, value })}
          />
        )}
      </div>
      <Tooltip label={t('filter.remove')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size={36}
          aria-label={t('filter.remove')}
          onClick={onRemove}
        >
          <IconTrash size={17} />
        </ActionIcon>
      </Tooltip>
    </fieldset>
  );
}
