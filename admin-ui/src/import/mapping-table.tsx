// Which column of the file fills which field; a date also by which pattern.
import { Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { targetOf, targetsOf, withDateFormat, withTarget } from './edit-mapping.ts';
import classes from './import.module.css';
import type { Mapping, Preview } from './import-api.ts';

interface MappingTableProps {
  readonly entity: MetaEntity;
  readonly looked: Preview;
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

export function MappingTable({ entity, looked, mapping, onChange }: MappingTableProps) {
  const { t, label } = useText();
  const targets = useMemo(
    () => targetsOf(entity).map(({ path, label: labels }) => ({ value: path, label: labels.map(label).join(' · ') })),
    [entity, label],
  );
  return (
    <div className={classes.scroller}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('import.column')}</th>
            <th scope="col">{t('import.sample')}</th>
            <th scope="col">{t('import.target')}</th>
          </tr>
        </thead>
        <tbody>
          {looked.header.map((column, at) => {
            const path = targetOf(mapping, column);
            const isDate = path !== null && ['date', 'dateTime'].includes(entity.fields[path]?.type ?? '');
            return column === '' ? null : (
              <tr key={column}>
                <th scope="row">
                  <bdi>{column}</bdi>
                </th>
                <td className={classes.sample}>
                  <bdi>{looked.sample.map((row) => row[at] ?? '').find((text) => text !== '') ?? ''}</bdi>
                </td>
                <td>
                  <div className={classes.target}>
                    <Select
                      searchable
                      clearable
                      aria-label={t('import.targetOf', { column })}
                      placeholder={t('import.leave')}
                      nothingFoundMessage={t('search.nothing')}
                      comboboxProps={{ shadow: 'md' }}
                      data={targets}
                      value={path}
                      onChange={(next) => onChange(withTarget(mapping, column, next))}
                    />
                    {isDate ? (
                      <TextInput
                        aria-label={t('import.dateFormatOf', { column })}
                        placeholder={t('import.dateFormat')}
                        className={classes.pattern ?? ''}
                        value={mapping.fields[path]?.format?.dateFormats?.join(' | ') ?? ''}
                        onChange={(event) => onChange(withDateFormat(mapping, path, event.currentTarget.value))}
                      />
                    ) : null}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
