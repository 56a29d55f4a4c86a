// What becomes of stored choices: each value of the base through all changes of its options, told once a column at the end.
import type { DataChange } from '../data-change.ts';
import type { Field, Registry } from '../registry.ts';
import { renamedBetween } from '../renamed.ts';
import type { Work } from './work.ts';

/** Field id + suffix of the column that holds a field's own value. */
const columnOf = ({ meta, columns }: Field): string => `${meta.id}${columns[0]?.suffix ?? ''}`;

/**
 * Notes that the field has these options now.
 * @param replace what records get for an option that goes; one that is not in it must not be in use
 */
export function noteOptions(
  work: Work,
  place: { readonly entityId: string; readonly fieldId: unknown },
  options: ReadonlySet<string>,
  replace: Readonly<Record<string, string | null>> = {},
): void {
  const field = storedField(work.base, place.entityId, place.fieldId);
  if (field?.meta.options === undefined) return;
  const key = `${place.entityId} ${columnOf(field)}`;
  const values =
    work.values.get(key) ?? new Map<string, string | null | undefined>(field.meta.options.map(({ value }) => [value, value]));
  work.values.set(key, values);
  for (const [value, current] of values) {
    if (current === undefined && options.has(value)) values.set(value, value);
    if (typeof current !== 'string') continue;
    if (Object.hasOwn(replace, current)) values.set(value, replace[current] ?? null);
    else if (!options.has(current)) values.set(value, undefined);
  }
}

const storedField = (registry: Registry, entityId: string, fieldId: unknown): Field | undefined =>
  [...([...registry.entities.values()].find(({ id }) => id === entityId)?.fields.values() ?? [])].find(
    ({ meta }) => meta.id === fieldId,
  );

/** What has to be done to stored values; of columns that are still there. */
export function dataChanges(work: Work, next: Registry): readonly DataChange[] {
  const left = new Set(
    [...next.entities.values()].flatMap(({ id, fields }) => [...fields.values()].map((field) => `${id} ${columnOf(field)}`)),
  );
  const options = [...work.values].flatMap(([key, values]): readonly DataChange[] => {
    if (!left.has(key)) return [];
    const [entityId = '', columnId = ''] = key.split(' ');
    const replaced = [...values].filter(
      (entry): entry is [string, string | null] => entry[1] !== undefined && entry[1] !== entry[0],
    );
    const withdrawn = [...values].filter(([, current]) => current === undefined).map(([value]) => value);
    return [
      ...(replaced.length === 0 ? [] : [replacement(entityId, columnId, replaced, values)]),
      ...(withdrawn.length === 0 ? [] : [{ kind: 'withdrawValues', entityId, columnId, values: withdrawn } as const]),
    ];
  });
  const renamed = renamedBetween(work.base, next).entities.map(
    ({ from, to }) => ({ kind: 'renameEntityValue', from, to }) as const,
  );
  return [...options, ...renamed];
}

function replacement(
  entityId: string,
  columnId: string,
  replaced: readonly (readonly [string, string | null])[],
  base: ReadonlyMap<string, unknown>,
): DataChange {
  const back = backFrom(replaced, base);
  const values = Object.fromEntries(replaced);
  return { kind: 'replaceValues', entityId, columnId, values, ...(Object.keys(back).length === 0 ? {} : { back }) };
}

/** Of several options that became one the first stands for it. */
function backFrom(
  replaced: readonly (readonly [string, string | null])[],
  base: ReadonlyMap<string, unknown>,
): Readonly<Record<string, string>> {
  const back = new Map<string, string>();
  for (const [old, now] of replaced) if (now !== null && !base.has(now) && !back.has(now)) back.set(now, old);
  return Object.fromEntries(back);
}
