// Plan: columns that are added, or change their default or whether they may be null.
import { nullsCheck, unsupportedCheck } from './check-queries.ts';
import { conversion } from './conversions.ts';
import { alterColumn, columnDefinition, qualified } from './ddl.ts';
import { quoteName, quoteText } from './names.ts';
import { allowNull, fillDefault, type Place, requireSteps } from './not-null.ts';
import type { ColumnModel, Step } from './schema-types.ts';
import { step, stepId } from './step.ts';
import { type Converted, isNew, type Placed, type Stage, type TableChange } from './table-change.ts';

/** Where the column stands: tables have their new names from the swap on. */
export function placeOf({ schema, before, names }: TableChange, column: Placed, stage: Stage): Place {
  const { entityId, entity } = before;
  return { schema, entityId, entity, table: names[stage], id: column.id, column: column[stage] };
}

/** In `expand`: what is new, and what becomes looser. In `settle`: defaults of new types, and what becomes required. */
export function changeColumns(change: TableChange): readonly Step[] {
  const shadows = new Map(change.conversions.map((conversion) => [conversion.shadow.id, conversion]));
  const unsupported = change.refused.map(({ old, wanted }) => refuse(change, old, wanted));
  return [
    ...unsupported,
    ...change.columns.flatMap((column) => {
      const converted = shadows.get(column.id);
      if (converted !== undefined) return settleType(change, converted);
      if (column.next === undefined) return column.old === undefined ? [] : loosenAside(change, column, column.old);
      if (column.old === undefined) return addColumn(change, column, column.next);
      return column.old.retired === true
        ? bringBack(change, column, column.old, column.next)
        : alter(change, column, column.old, column.next);
    }),
  ];
}

/** NOT NULL at once only with a default, which old rows then take without a rewrite. */
function addColumn(change: TableChange, column: Placed, next: ColumnModel): readonly Step[] {
  const { schema, before } = change;
  const name = qualified(schema, before.name);
  const definition = columnDefinition({ ...next, name: column.start, notNull: next.notNull && next.default !== null });
  const added = step(before.entity, before.name, {
    id: stepId('addColumn', before, column.id, column.start),
    kind: 'addColumn',
    phase: 'expand',
    up: [`ALTER TABLE ${name} ADD COLUMN ${definition}`],
    down: [`ALTER TABLE ${name} DROP COLUMN ${quoteName(column.start)}`],
    description: `Add ${before.name}.${next.name} ${next.type}`,
  });
  if (!next.notNull || next.default !== null) return [added];
  return [added, ...requireSteps(placeOf(change, column, 'end'), [nullsCheck(schema, before, undefined, next)])];
}

function alter(change: TableChange, column: Placed, old: ColumnModel, next: ColumnModel): readonly Step[] {
  const place = placeOf(change, column, 'start');
  const steps: Step[] = [];
  if (old.type !== next.type) steps.push(widen(change, column, old, next));
  else if (old.default !== next.default) steps.push(changeDefault(place, old.default, next.default));
  if (old.notNull && !next.notNull) steps.push(allowNull(place));
  if (!next.notNull || old.notNull) return steps;
  return [...steps, ...requireSteps(placeOf(change, column, 'end'), [nullsCheck(change.schema, change.before, old, next)])];
}

export function changeDefault(place: Place, from: string | null, to: string | null, phase: Step['phase'] = 'expand'): Step {
  const set = (value: string | null): string =>
    alterColumn(place.schema, place.table, place.column, value === null ? 'DROP DEFAULT' : `SET DEFAULT ${value}`);
  return step(place.entity, place.table, {
    id: stepId('changeDefault', place, place.id),
    kind: 'changeDefault',
    phase,
    up: [set(to)],
    down: [set(from)],
    description: `Default of ${place.table}.${place.column}: ${to ?? 'none'}`,
  });
}

/** Free on the way there. On the way back values may be too long by now: then the column stays wide. */
function widen(change: TableChange, column: Placed, old: ColumnModel, next: ColumnModel): Step {
  const { schema, before } = change;
  const name = quoteName(column.start);
  const set = (clause: string): string => alterColumn(schema, before.name, column.start, clause);
  const defaults = (value: string | null): string => set(value === null ? 'DROP DEFAULT' : `SET DEFAULT ${value}`);
  const back = conversion(next.type, old.type);
  const narrow = set(`TYPE ${old.type} USING ${back?.using(name) ?? name}`);
  const unfit = back?.invalid === null || back === undefined ? 'false' : `${name} IS NOT NULL AND (${back.invalid(name)})`;
  const body = `BEGIN IF NOT EXISTS (SELECT FROM ${qualified(schema, before.name)} WHERE ${unfit}) THEN ${narrow}; END IF; END`;
  return step(before.entity, before.name, {
    id: stepId('changeType', before, column.id),
    kind: 'changeType',
    phase: 'expand',
    up: [defaults(null), set(`TYPE ${next.type}`), ...(next.default === null ? [] : [defaults(next.default)])],
    down: [defaults(null), `DO ${quoteText(body)}`, ...(old.default === null ? [] : [defaults(old.default)])],
    description: `Type of ${before.name}.${column.start}: ${old.type} → ${next.type}`,
  });
}

/** A column that goes must not refuse rows that know nothing of it. */
function loosenAside(change: TableChange, column: Placed, old: ColumnModel): readonly Step[] {
  if (old.retired === true || !old.notNull) return [];
  const place = placeOf(change, column, 'start');
  return [allowNull(place), ...(old.default === null ? [] : [fillDefault(place, old.default, 'down')])];
}

/** Records written while the field was away lack the value. */
function bringBack(change: TableChange, column: Placed, old: ColumnModel, next: ColumnModel): readonly Step[] {
  const place = placeOf(change, column, 'end');
  const wider = old.type === next.type ? [] : [widen(change, column, old, { ...next, default: null })];
  if (!next.notNull) return wider;
  const filled = next.default === null ? [] : [fillDefault(place, next.default, 'up')];
  return [...wider, ...filled, ...requireSteps(place, [], true)];
}

/** No default before: what a statement leaves out is then taken from the other of the two columns. */
function settleType(change: TableChange, { source, shadow }: Converted): readonly Step[] {
  const { next } = shadow;
  const place = placeOf(change, shadow, 'end');
  const defaults = next.default === null ? [] : [changeDefault(place, null, next.default, 'settle')];
  if (!next.notNull) return defaults;
  const checks = source.old.notNull || isNew(source) ? [] : [nullsCheck(change.schema, change.before, source.old, next)];
  return [...defaults, ...requireSteps(place, checks, isNew(source))];
}

function refuse({ before }: TableChange, old: ColumnModel, wanted: ColumnModel): Step {
  const what = `There is no conversion of "${wanted.name}" from ${old.type} to ${wanted.type} and back.`;
  return step(before.entity, before.name, {
    id: stepId('changeType', before, old.id, 'refused'),
    kind: 'changeType',
    phase: 'expand',
    up: [],
    down: [],
    cost: 'rewrite',
    additive: false,
    description: `Type of ${before.name}.${old.name}: ${old.type} → ${wanted.type}`,
    checks: [unsupportedCheck(before, wanted.name, what)],
  });
}
