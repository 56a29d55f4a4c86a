// Renames, everywhere at once: the places that name what is renamed, and what will stand there.
import { problem } from '../../problem.ts';
import { isObject, step } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import type { Owner, Reference, Target } from './reference.ts';
import { referencesTo } from './references.ts';
import { type Named, namedTarget } from './targets.ts';

/** By the names before any of the renames. A relation and its reference field are two names. */
export type Rename = Named & {
  readonly to: string;
  /** Of an entity, whose name is its plural: the new singular, when it changes too. */
  readonly singular?: string;
};

/** One text or key of one object, as it is and as it will be. */
export interface Rewrite {
  readonly owner: Owner;
  /** RFC 6901, into the object as it is now. */
  readonly pointer: string;
  readonly at: 'value' | 'key';
  readonly before: string;
  readonly after: string;
  /** The place that gives the name, not one that uses it. */
  readonly declares?: true;
}

/** What has to be written anew for the renames, the names themselves included; pure. */
export function rewriteNames(registry: Registry, renames: readonly Rename[]): readonly Rewrite[] {
  const places = new Map<string, { readonly first: Reference; readonly parts: (readonly [Reference, string])[] }>();
  for (const [target, to] of renames.flatMap((rename) => renamedBy(registry, rename))) {
    for (const reference of referencesTo(registry, target)) {
      const { owner, pointer, at, text, start, end } = reference;
      // A role may also be named by its id, which stays.
      if (text.slice(start, end) !== target.name) continue;
      const key = `${owner.kind} ${owner.id} ${at} ${pointer}`;
      const place = places.get(key) ?? { first: reference, parts: [] };
      places.set(key, place);
      if (!place.parts.some(([other]) => other.start === start)) place.parts.push([reference, to]);
    }
  }
  return [...places.values()].map(({ first, parts }) => ({
    owner: first.owner,
    pointer: first.pointer,
    at: first.at,
    before: first.text,
    after: replaced(first.text, parts),
    ...(first.declares === true ? { declares: true } : {}),
  }));
}

/** From the end, so that the places further ahead stay where they are. */
const replaced = (text: string, parts: readonly (readonly [Reference, string])[]): string =>
  [...parts]
    .sort(([a], [b]) => b.start - a.start)
    .reduce((result, [{ start, end }, to]) => result.slice(0, start) + to + result.slice(end), text);

function renamedBy(registry: Registry, rename: Rename): readonly (readonly [Target, string])[] {
  const target = namedTarget(registry, rename);
  if (target === undefined) throw problem('internal', { detail: `There is no ${rename.kind} "${rename.name}" to rename.` });
  if (rename.kind !== 'entity' || rename.singular === undefined) return [[target, rename.to]];
  const singular = registry.entities.get(rename.name)?.singular ?? '';
  return [
    [target, rename.to],
    [{ kind: 'singular', id: target.id, name: singular }, rename.singular],
  ];
}

/** The object with the rewrites in place; those of other objects must not be among them. Keys stay in their order. */
export function applyRewrites<T>(value: T, rewrites: readonly Rewrite[]): T {
  const by = (at: Rewrite['at']): ReadonlyMap<string, string> =>
    new Map(rewrites.filter((rewrite) => rewrite.at === at).map(({ pointer, after }) => [pointer, after]));
  const values = by('value');
  const keys = by('key');
  const write = (part: unknown, pointer: string): unknown => {
    if (typeof part === 'string') return values.get(pointer) ?? part;
    if (Array.isArray(part)) return part.map((item: unknown, at) => write(item, step(pointer, at)));
    if (!isObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => {
        const place = step(pointer, key);
        return [keys.get(place) ?? key, write(inner, place)];
      }),
    );
  };
  return write(value, '') as T;
}
