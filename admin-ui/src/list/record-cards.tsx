// The same list on a phone: one card a record, its name and what the next columns say.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { Value } from '../value/value.tsx';
import classes from './list.module.css';
import type { RecordRowsProps } from './record-rows.tsx';

/** Columns besides the name that fit on a card. */
const detailCount = 3;

export function RecordCards({ entity, columns, records }: RecordRowsProps) {
  const { t, label, many } = useText();
  const details = columns.filter((column) => column.name !== 'display_name' && !entity.display.nameFields.includes(column.name));
  return (
    <section aria-label={many(entity.label)} className={classes.cards}>
      <ul className={classes.cardList}>
        {records.rows.map((record) => (
          <li key={record.id}>
            <Link
              to="/records/$entity/$id"
              params={{ entity: entity.name, id: record.id }}
              preload={false}
              className={classes.card}
            >
              <span className={classes.cardName}>
                <bdi>{record.display_name == null || record.display_name === '' ? t('record.unnamed') : record.display_name}</bdi>
              </span>
              {details
                .filter((column) => record[column.name] != null && record[column.name] !== '')
                .slice(0, detailCount)
                .map((column) => (
                  <span key={column.name} className={classes.cardLine}>
                    <span className={classes.cardLabel}>{label(column.label)}</span>
                    <span className={classes.cardValue}>
                      <Value field={column} record={record} />
                    </span>
                  </span>
                ))}
            </Link>
          </li>
        ))}
      </ul>
      {records.hasMore ? (
        <Button variant="default" fullWidth mt="sm" onClick={records.loadMore}>
          {t('list.more')}
        </Button>
      ) : null}
    </section>
  );
}
