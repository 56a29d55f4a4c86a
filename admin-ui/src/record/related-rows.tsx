// The rows of a related list; wide ones scroll sideways inside their card.
import { Link } from '@tanstack/react-router';
import type { MetaEntity, MetaField } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { isNumeric, Value } from '../value/value.tsx';
import classes from './record.module.css';

interface RelatedRowsProps {
  readonly entity: MetaEntity;
  readonly columns: readonly MetaField[];
  readonly rows: readonly ApiRecord[];
  readonly label: string;
}

export function RelatedRows({ entity, columns, rows, label: name }: RelatedRowsProps) {
  const { t, label } = useText();
  return (
    <section className={classes.scroller} aria-label={name}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-numeric={isNumeric(column) || undefined}>
                {label(column.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column, position) => (
                <td key={column.name} data-numeric={isNumeric(column) || undefined}>
                  {position > 0 ? (
                    <Value field={column} record={row} />
                  ) : (
                    <Link
                      to="/records/$entity/$id"
                      params={{ entity: entity.name, id: row.id }}
                      className={classes.link}
                      preload={false}
                    >
                      {row[column.name] == null ? t('record.unnamed') : <Value field={column} record={row} />}
                    </Link>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
