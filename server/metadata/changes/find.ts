// Finds what a change names, among the objects as they are by now; what is not found is told with what is nearest.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { isObject, type JsonObject } from '../pointer.ts';
import type { FormerName } from '../types.ts';
import { refusal } from './refusal.ts';
import { type ObjectKind, objectsOf, type Step, type WorkObject } from './work.ts';

export interface Member {
  readonly name: string;
  readonly value: JsonObject;
}

const understood = (value: JsonObject, name: string, now: Date): boolean =>
  Array.isArray(value['formerNames']) &&
  (value['formerNames'] as FormerName[]).some((former) => former.name === name && Date.parse(former.until) > now.getTime());

/** By its plural, a former one that is still understood, its singular or its id. @throws Refused when there is none */
export function entityFor({ work, pointer }: Step<unknown>, name: string, at = '/entity'): WorkObject {
  const entities = objectsOf(work, 'entities');
  const found =
    entities.find(({ value }) => value['plural'] === name) ??
    entities.find(({ value }) => understood(value, name, work.now)) ??
    entities.find(({ value, id }) => value['singular'] === name || id === name);
  if (found !== undefined) return found;
  const hint = didYouMean(
    name,
    entities.map(({ value }) => String(value['plural'])),
  );
  throw refusal(pointer + at, 'unknown', `There is no entity "${name}".${hint}`);
}

export const membersOf = ({ value }: WorkObject, list: 'fields' | 'relations'): Readonly<Record<string, JsonObject>> =>
  isObject(value[list]) ? (value[list] as Readonly<Record<string, JsonObject>>) : {};

/** A declared field or relation by its name, or a former one that is still understood. @throws Refused when there is none */
export function memberFor(
  step: Step<unknown>,
  entity: WorkObject,
  list: 'fields' | 'relations',
  name: string,
  at = '/name',
): Member {
  const members = membersOf(entity, list);
  const known = Object.hasOwn(members, name)
    ? name
    : Object.keys(members).find((other) => isObject(members[other]) && understood(members[other], name, step.work.now));
  const value = known === undefined ? undefined : members[known];
  if (known !== undefined && value !== undefined) return { name: known, value };
  const what = list === 'fields' ? 'field' : 'relation';
  const hint = explained(step, entity, list, name) ?? didYouMean(name, Object.keys(members));
  throw refusal(step.pointer + at, 'unknown', `${String(entity.value['plural'])} has no ${what} "${name}" of its own.${hint}`);
}

/** Fields and relations that stand somewhere else. */
function explained({ work }: Step<unknown>, entity: WorkObject, list: string, name: string): string | undefined {
  for (const [relation, value] of Object.entries(membersOf(entity, 'relations')))
    if (list === 'fields' && [value['field'], value['typeField'], value['idField']].includes(name))
      return ` It belongs to the relation "${relation}": change that one.`;
  if (list === 'fields') return undefined;
  for (const other of objectsOf(work, 'entities'))
    for (const [relation, value] of Object.entries(membersOf(other, 'relations')))
      if (value['inverse'] === name && work.base.entities.get(String(entity.value['plural']))?.relations.has(name) === true)
        return ` It is the other side of ${String(other.value['plural'])}.${relation}: change that one.`;
  return undefined;
}

/** An object of the kind by its name or, failing that, its id. */
export const objectNamed = ({ work }: Step<unknown>, kind: ObjectKind, name: unknown): WorkObject | undefined =>
  objectsOf(work, kind).find(({ value }) => value['name'] === name) ?? objectsOf(work, kind).find(({ id }) => id === name);

/** @throws Refused when there is none */
export function objectFor(step: Step<unknown>, kind: ObjectKind, what: string, name: string, at: string): WorkObject {
  const found = objectNamed(step, kind, name);
  if (found !== undefined) return found;
  const hint = didYouMean(
    name,
    objectsOf(step.work, kind).map(({ value, id }) => String(value['name'] ?? id)),
  );
  throw refusal(step.pointer + at, 'unknown', `There is no ${what} "${name}".${hint}`);
}
