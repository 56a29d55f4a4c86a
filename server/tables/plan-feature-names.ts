// Flags of entities that are renamed: their records get the new name in the very transaction that publishes it.
import { qualified } from './ddl.ts';
import { quoteName, quoteText } from './names.ts';
import type { Step } from './schema-types.ts';
import { step, stepId } from './step.ts';
import type { TableChange } from './table-change.ts';

/** Before a name that is on its way: two entities may have exchanged theirs, and names are unique. */
const underWay = '#';

/**
 * Not by batch in `settle`, like other values that name entities: an entity whose flag has not come along would be on for a
 * while. There are few flags. One whose new name has a flag of its own already stays as it is.
 */
export function renameFeatures(change: TableChange, renames: ReadonlyMap<string, string>): readonly Step[] {
  const { before, names } = change;
  const back = new Map([...renames].map(([from, to]) => [to, from]));
  return change.columns
    .filter(({ old, next }) => old?.retired !== true && next?.holds === 'featureName')
    .map((column) =>
      step(before.entity, names.end, {
        id: stepId('renameFeatures', before, column.id),
        kind: 'replaceValues',
        phase: 'swap',
        up: statements(change, column.end, renames),
        down: statements(change, column.end, back),
        lock: 'row exclusive',
        description: `${names.end}.${column.end}: flags of entities that have other names`,
      }),
    );
}

/** What the engine keeps of the name beside it goes along. */
function statements({ schema, names }: TableChange, field: string, renames: ReadonlyMap<string, string>): readonly string[] {
  const rows = qualified(schema, names.end);
  const name = quoteName(field);
  const from = [...renames.keys()].map(quoteText).join(', ');
  const renamed = `CASE t.${name} ${[...renames].map(([old, next]) => `WHEN ${quoteText(old)} THEN ${quoteText(next)}`).join(' ')} END`;
  const taken = `SELECT FROM ${rows} o WHERE o.${name} = ${renamed} AND o.${name} NOT IN (${from}) AND o."deleted_at" IS NULL`;
  return [
    `UPDATE ${rows} t SET ${name} = ${quoteText(underWay)} || ${renamed} WHERE t.${name} IN (${from}) AND NOT EXISTS (${taken})`,
    `UPDATE ${rows} t SET ${name} = substr(t.${name}, 2), "display_name" = substr(t.${name}, 2), "search_text" = replace(t."search_text", t."display_name", substr(t.${name}, 2)) WHERE t.${name} LIKE ${quoteText(`${underWay}%`)}`,
  ];
}
