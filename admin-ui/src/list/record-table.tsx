// The table of a list: only the rows in sight are drawn, further pages come as one scrolls.
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { MetaField } from '../../../server/forms/meta-document.ts';
import { useText } from '../i18n/use-text.ts';
import { isNumeric } from '../value/value.tsx';
import { layOut, widthOf } from './columns.ts';
import classes from './list.module.css';
import type { RecordRowsProps } from './record-rows.tsx';
import { TableRow } from './table-row.tsx';

const rowHeight = 44;
/** The next page is fetched when this many rows are left below the last drawn one. */
const fetchAhead = 30;

interface HeaderProps {
  readonly column: MetaField;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}

/** A click goes up, the next down, the third back to the list's own order. */
function Header({ column, sort, onSort }: HeaderProps) {
  const { t, label } = useText();
  const state = sort === column.name ? 'ascending' : sort === `-${column.name}` ? 'descending' : 'none';
  const next = { none: column.name, ascending: `-${column.name}`, descending: undefined }[state];
  const Arrow = { none: IconArrowsSort, ascending: IconArrowUp, descending: IconArrowDown }[state];
  return (
    <th scope="col" aria-sort={state} data-numeric={isNumeric(column) || undefined}>
      {column.sortable && column.relation === undefined ? (
        <button type="button" className={classes.sort} data-state={state} title={t('list.sortBy')} onClick={() => onSort(next)}>
          {label(column.label)}
          <Arrow size={14} aria-hidden />
        </button>
      ) : (
        label(column.label)
      )}
    </th>
  );
}

export function RecordTable({ entity, columns, records, sort, onSort }: RecordRowsProps) {
  const { many, label } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, loadMore, hasMore, total } = records;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastDrawn > rows.length - fetchAhead) loadMore();
  });
  const above = drawn[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const widths = columns.map((column, position) =>
    widthOf(
      column,
      position === 0 && (column.name === 'display_name' || entity.display.nameFields.length === 1),
      label(column.label),
      column.options?.map((option) => label(option.label)),
    ),
  );
  const { least, columns: columnWidths } = layOut(widths);
  return (
    <section
      ref={scroller}
      className={`${classes.surface} ${classes.scroller}`}
      data-stale={records.isStale || undefined}
      aria-label={many(entity.label)}
    >
      <table
        className={classes.table}
        style={{ minInlineSize: least }}
        aria-rowcount={(total ?? rows.length) + 1}
        aria-busy={records.isStale}
      >
        <colgroup>
          {columns.map((column, position) => (
            <col key={column.name} style={{ inlineSize: position === 0 ? 'auto' : columnWidths[position - 1] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Header key={column.name} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 ? <Gap height={above} span={columns.length} /> : null}
          {drawn.map((item) => {
            const record = rows[item.index];
            return record === undefined ? null : (
              <TableRow key={record.id} index={item.index} entity={entity.name} columns={columns} record={record} />
            );
          })}
          {below > 0 ? <Gap height={below} span={columns.length} /> : null}
        </tbody>
      </table>
    </section>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr>
      <td colSpan={span} style={{ blockSize: height, padding: 0, border: 0 }} />
    </tr>
  );
}
