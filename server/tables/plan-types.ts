// Plan: a change of type. A column of the new type grows beside the old one, is filled, and takes over its name.
import { batchStatement } from './batch.ts';
import { foundRows, unconvertibleCheck } from './check-queries.ts';
import { columnDefinition, dropConstraint, qualified, renameColumn } from './ddl.ts';
import { objectName, quoteName, shortHash } from './names.ts';
import type { Step } from './schema-types.ts';
import { byBatch, step, stepId } from './step.ts';
import { converted, createSync, dropSync, type Synced, syncFunction } from './sync-columns.ts';
import { type Converted, isNew, type Stage, type TableChange } from './table-change.ts';

/** @param empties whether values that do not convert may be left behind: they stay in the old column, for the way back */
export function changeTypes(change: TableChange, empties: (columnId: string) => boolean): readonly Step[] {
  return change.conversions.flatMap((conversion) => [
    addShadow(change, conversion, empties(conversion.source.id)),
    ...(isNew(conversion.source)
      ? [backfill(change, conversion)]
      : [
          keepEqual(change, conversion),
          backfill(change, conversion),
          ...(empties(conversion.source.id) ? [] : verify(change, conversion)),
          ...followAside(change, conversion),
        ]),
    takeOver(change, conversion),
    ...(isNew(conversion.source) ? [] : [carryBack(change, conversion), letGo(change, conversion)]),
  ]);
}

const synced = ({ schema, before, names }: TableChange, { source, shadow, forth, back }: Converted, stage: Stage): Synced => ({
  ...{ schema, entityId: before.entityId, title: before.name, table: names[stage], id: shadow.id, forth, back },
  ...{ source: source[stage], shadow: shadow[stage] },
});

const checkName = ({ before }: TableChange, { shadow }: Converted): string =>
  objectName(before.name, shortHash(before.entityId, shadow.id, 'converted'), 'check');

function addShadow({ schema, before, names }: TableChange, conversion: Converted, empties: boolean): Step {
  const { source, shadow, forth } = conversion;
  const name = qualified(schema, names.start);
  const column = { ...shadow.next, name: shadow.start, notNull: false, default: null };
  const asked = !isNew(source) && forth.invalid !== null && (!empties || shadow.next.notNull);
  return step(before.entity, names.start, {
    id: stepId('addShadow', before, shadow.id, shadow.start),
    kind: 'addShadow',
    phase: 'expand',
    up: [`ALTER TABLE ${name} ADD COLUMN ${columnDefinition(column)}`],
    down: [`ALTER TABLE ${name} DROP COLUMN ${quoteName(shadow.start)}`],
    description: `${before.name}.${source.old.name}: a column of type ${shadow.next.type} beside that of type ${source.old.type}`,
    checks: asked ? [unconvertibleCheck(schema, before, source.old, shadow.next.type, forth)] : [],
  });
}

function keepEqual(change: TableChange, conversion: Converted): Step {
  const { before, names } = change;
  return step(before.entity, names.start, {
    id: stepId('syncColumns', before, conversion.shadow.id),
    kind: 'syncColumns',
    phase: 'expand',
    up: createSync(synced(change, conversion, 'start')),
    down: dropSync(synced(change, conversion, 'start')),
    lock: 'share row exclusive',
    description: `${before.name}.${conversion.source.old.name}: whichever of the two columns is written, the other follows`,
  });
}

/** Of a field that was away, the values that it had. */
function backfill({ schema, before, names }: TableChange, { source, shadow, forth }: Converted): Step {
  const column = quoteName(shadow.start);
  const value = converted(forth, `t.${quoteName(source.start)}`);
  const where = `t.${column} IS DISTINCT FROM ${value}`;
  return step(before.entity, names.start, {
    ...byBatch,
    id: stepId('backfill', before, shadow.id),
    kind: 'backfill',
    phase: 'expand',
    up: [batchStatement({ schema, table: names.start, set: `${column} = ${value}`, where })],
    down: [],
    description: `${before.name}.${source.old.name}: values of type ${source.old.type} become ${shadow.next.type}`,
  });
}

/** From the first of the two on nobody can write a value that would be lost; the second proves that none is there. */
function verify(change: TableChange, conversion: Converted): readonly Step[] {
  const { schema, before, names } = change;
  const { source, shadow } = conversion;
  const table = qualified(schema, names.start);
  const check = checkName(change, conversion);
  const lost = `${quoteName(source.start)} IS NOT NULL AND ${quoteName(shadow.start)} IS NULL`;
  const subject = `${before.name}.${source.old.name}`;
  return [
    step(before.entity, names.start, {
      id: stepId('verifyConversion', before, shadow.id, 'new'),
      kind: 'verifyConversion',
      phase: 'expand',
      up: [`ALTER TABLE ${table} ADD CONSTRAINT ${quoteName(check)} CHECK (NOT (${lost})) NOT VALID`],
      down: [`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${quoteName(check)}`],
      description: `${subject}: new values convert to ${shadow.next.type}`,
    }),
    step(before.entity, names.start, {
      id: stepId('verifyConversion', before, shadow.id, 'all'),
      kind: 'verifyConversion',
      phase: 'expand',
      up: [foundRows(table, lost), `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteName(check)}`],
      down: [],
      lock: 'share update exclusive',
      cost: 'scan',
      description: `${subject}: every value has become ${shadow.next.type}`,
    }),
  ];
}

/** Where the old column steps aside before the swap, the trigger follows it. */
function followAside(change: TableChange, conversion: Converted): readonly Step[] {
  const { before, names } = change;
  const { source, shadow } = conversion;
  if (source.start === source.prepared) return [];
  return [
    step(before.entity, names.start, {
      id: stepId('syncColumns', before, shadow.id, 'prepare'),
      kind: 'syncColumns',
      phase: 'prepare',
      up: [syncFunction(synced(change, conversion, 'prepared'))],
      down: [syncFunction(synced(change, conversion, 'start'))],
      lock: 'none',
      description: `${before.name}.${source.old.name}: the two columns stay equal under other names`,
    }),
  ];
}

function takeOver(change: TableChange, conversion: Converted): Step {
  const { schema, before, names } = change;
  const { source, shadow } = conversion;
  const follow = (stage: Stage): readonly string[] => (isNew(source) ? [] : [syncFunction(synced(change, conversion, stage))]);
  return step(before.entity, names.end, {
    id: stepId('swapColumns', before, shadow.id),
    kind: 'swapColumns',
    phase: 'swap',
    up: [renameColumn(schema, names.end, shadow.prepared, shadow.end), ...follow('end')],
    down: [renameColumn(schema, names.end, shadow.end, shadow.prepared), ...follow('prepared')],
    description: `${names.end}.${shadow.end} is the column of type ${shadow.next.type}`,
  });
}

/** What was written in the new type goes back into the old column; a value that means the same keeps its old spelling. */
function carryBack({ schema, before, names }: TableChange, { source, shadow, forth, back }: Converted): Step {
  const [old, fresh] = [quoteName(source.end), quoteName(shadow.end)];
  const where = `t.${fresh} IS DISTINCT FROM ${converted(forth, `t.${old}`)}`;
  const set = `${old} = ${converted(back, `t.${fresh}`)}`;
  return step(before.entity, names.end, {
    ...byBatch,
    id: stepId('carryBack', before, shadow.id),
    kind: 'backfill',
    phase: 'settle',
    up: [],
    down: [batchStatement({ schema, table: names.end, set, where })],
    additive: false,
    description: `On the way back: values of ${names.end}.${shadow.end} become ${source.old.type} again`,
  });
}

function letGo(change: TableChange, conversion: Converted): Step {
  const { schema, before, names } = change;
  const end = synced(change, conversion, 'end');
  const check = dropConstraint(schema, names.end, checkName(change, conversion), true);
  return step(before.entity, names.end, {
    id: stepId('letGo', before, conversion.shadow.id),
    kind: 'syncColumns',
    phase: 'settle',
    up: [check, ...dropSync(end)],
    down: createSync(end),
    additive: false,
    description: `${names.end}.${conversion.shadow.end}: the old column is left as it is, for the way back`,
  });
}
