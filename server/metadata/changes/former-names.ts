// Former names of entities, fields and relations: noted with a rename, given up when something else takes the name.
import { isObject, type JsonObject } from '../pointer.ts';
import type { FormerName } from '../types.ts';
import { membersOf } from './find.ts';
import { objectsOf, putObject, type Work } from './work.ts';

const usualAliasDays = 30;
const day = 86_400_000;
/** As many as the schema takes. */
const mostNames = 50;

/** The thing with one former name more, for so many days; 0: with none more. */
export function withFormerName(value: JsonObject, name: string, now: Date, days = usualAliasDays): JsonObject {
  const others = formerNamesOf(value).filter((former) => former.name !== name);
  return withFormerNames(
    value,
    days === 0 ? others : [...others, { name, until: new Date(now.getTime() + days * day).toISOString() }],
  );
}

/** One more that nobody may use: records still have it as the type of what they refer to, until their values have followed. */
export function withEndedName(value: JsonObject, name: string, now: Date): JsonObject {
  return withFormerNames(value, [
    ...formerNamesOf(value).filter((former) => former.name !== name),
    { name, until: now.toISOString() },
  ]);
}

const formerNamesOf = ({ formerNames }: JsonObject): readonly FormerName[] =>
  Array.isArray(formerNames) ? (formerNames as readonly FormerName[]).filter(isObject) : [];

function withFormerNames(value: JsonObject, names: readonly FormerName[]): JsonObject {
  const { formerNames: _, ...rest } = value;
  return names.length === 0 ? rest : { ...rest, formerNames: names.slice(-mostNames) };
}

/**
 * Takes away former names that something is called by now. Of two things with the same one it is the other's from now on.
 * @param latest ids of the things that were renamed last
 */
export function clearFormerNames(work: Work, latest: ReadonlySet<unknown>): void {
  const entities = objectsOf(work, 'entities');
  const words = new Set(entities.flatMap(({ value }) => [value['plural'], value['singular']]));
  const claimed = claimedBy(entities.map(({ value }) => value).filter(({ id }) => latest.has(id)));
  for (const object of entities) {
    const value = membersCleared(cleared(object.value, words, claimed, latest), object, latest);
    if (value !== object.value) putObject(work, { ...object, value });
  }
}

/** By their latest renames: an entity may have given up two names with one. */
const claimedBy = (things: readonly JsonObject[]): ReadonlySet<unknown> =>
  new Set(
    things.flatMap((thing) => {
      const names = formerNamesOf(thing);
      return names.filter(({ until }) => until === names.at(-1)?.until).map(({ name }) => name);
    }),
  );

function cleared(
  value: JsonObject,
  current: ReadonlySet<unknown>,
  claimed: ReadonlySet<unknown>,
  latest: ReadonlySet<unknown>,
): JsonObject {
  const names = formerNamesOf(value);
  const kept = names.filter(({ name }) => !current.has(name) && (latest.has(value['id']) || !claimed.has(name)));
  return kept.length === names.length ? value : withFormerNames(value, kept);
}

function membersCleared(value: JsonObject, object: Parameters<typeof membersOf>[0], latest: ReadonlySet<unknown>): JsonObject {
  const lists = (['fields', 'relations'] as const).map((list) => [list, membersOf(object, list)] as const);
  const current = new Set(lists.flatMap(([, members]) => Object.keys(members)));
  const claimed = claimedBy(
    lists.flatMap(([, members]) => Object.values(members)).filter((member) => isObject(member) && latest.has(member['id'])),
  );
  const changed = lists.flatMap(([list, members]) => {
    const entries = Object.entries(members).map(
      ([name, member]) => [name, isObject(member) ? cleared(member, current, claimed, latest) : member] as const,
    );
    return entries.every(([name, member]) => member === members[name]) ? [] : [[list, Object.fromEntries(entries)] as const];
  });
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
