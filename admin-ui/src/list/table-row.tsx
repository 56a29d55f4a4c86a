// One row: the link in its first cell reaches over the whole of it. Drawn again only when its record changes.
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { MetaField } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { isNumeric, Value } from '../value/value.tsx';
import classes from './list.module.css';

interface TableRowProps {
  readonly index: number;
  readonly entity: string;
  readonly columns: readonly MetaField[];
  readonly record: ApiRecord;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

export const TableRow = memo(function TableRow({ index, entity, columns, record }: TableRowProps) {
  const { t } = useText();
  return (
    <tr aria-rowindex={index + 2} className={classes.row}>
      {columns.map((column, position) => (
        <td key={column.name} data-numeric={isNumeric(column) || undefined}>
          {position > 0 ? (
            <Value field={column} record={record} />
          ) : (
            <Link to="/records/$entity/$id" params={{ entity, id: record.id }} className={classes.link} preload={false}>
              {isEmpty(record[column.name]) ? t('record.unnamed') : <Value field={column} record={record} />}
            </Link>
          )}
        </td>
      ))}
    </tr>
  );
});
