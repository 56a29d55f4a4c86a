// May a name be given to a new or renamed part of an entity, and is a thing one that the engine knows by its name?

import { membersOf } from './find.ts';
import { refusal } from './refusal.ts';
import { objectsOf, type Step, type WorkObject } from './work.ts';

/** @throws Refused when a field, a relation or a field of a relation has the name; other clashes are found by the checks */
export function requireFreeName({ pointer }: Step<unknown>, entity: WorkObject, name: string, at: string): void {
  const what = holderOf(entity, name);
  if (what !== undefined)
    throw refusal(pointer + at, 'taken', `"${name}" is already the name of ${what} of ${String(entity.value['plural'])}.`);
}

function holderOf(entity: WorkObject, name: string): string | undefined {
  if (Object.hasOwn(membersOf(entity, 'fields'), name)) return 'a field';
  const relations = membersOf(entity, 'relations');
  if (Object.hasOwn(relations, name)) return 'a relation';
  const carrier = Object.entries(relations).find(([, { field, typeField, idField }]) =>
    [field, typeField, idField].includes(name),
  );
  return carrier === undefined ? undefined : `a field of the relation "${carrier[0]}"`;
}

/** @throws Refused for what the engine ships and knows by its name */
export function requireNotEngine({ work, pointer }: Step<unknown>, id: unknown, at: string, what: string): void {
  if (typeof id !== 'string' || !work.layers.ofEngine.has(id)) return;
  throw refusal(pointer + at, 'read_only', `The engine itself works with ${what}, by the name that it has.`);
}

/** @throws Refused when another entity has the word for one or for several; those in `going` give theirs up */
export function requireFreeWord(
  { work, pointer }: Step<unknown>,
  word: string,
  at: string,
  going: ReadonlySet<string> = new Set(),
): void {
  const holder = objectsOf(work, 'entities').find(
    ({ id, value }) => !going.has(id) && (value['plural'] === word || value['singular'] === word),
  );
  if (holder !== undefined)
    throw refusal(pointer + at, 'taken', `"${word}" is already the name of the entity "${String(holder.value['plural'])}".`);
}
