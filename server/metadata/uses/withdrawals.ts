// What can be taken away with a retired thing and leaves the rest meaning what it meant: a column, a cell, a whole view.
import { isObject, step, stepsOf } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import type { MetadataSource } from '../types.ts';
import { objectOf } from './catalogue.ts';
import type { Owner, Reference } from './reference.ts';
import { brokenBy, sameOwner, under } from './retired.ts';
import type { Named } from './targets.ts';

/** A part of an object that goes; '' is the object itself. */
export interface Withdrawal {
  readonly owner: Owner;
  readonly pointer: string;
  /** The uses of retired things that go with it. */
  readonly uses: readonly Reference[];
}

/** Per kind: which pointers can go; the first group, when there is one, is as much of the pointer as goes. */
const removable: Partial<Record<keyof MetadataSource, readonly RegExp[]>> = {
  app: [/^\/navigation\/\d+\/items\/\d+$/],
  entities: [
    /^\/(?:display\/subtitleFields|audit\/exclude)\/\d+$/,
    /^(\/(?:indexes|search\/fields|duplicateRules)\/\d+)\//,
    /^\/validationRules\/\d+\/field$/,
    /^\/fields\/[^/]+\/(?:regionFrom\/\d+|optionsWhen\/\d+\/options\/\d+)$/,
    /^\/relations\/[^/]+\/entities\/\d+$/,
    /^(\/about\/[^/]+)/,
  ],
  // A filter never goes alone: without it the grants would reach more.
  roles: [/^\/(?:entities\/[^/]+(?:\/fields\/[^/]+)?|extends\/\d+)$/, /^(\/entities\/[^/]+)\/filter/],
  layouts: [
    /^()\/entity$/,
    /^\/appliesTo\/roles\/\d+$/,
    /^(\/tabs\/\d+\/sections\/\d+\/rows\/\d+\/\d+)\/field$/,
    /^(\/tabs\/\d+\/relatedLists\/\d+)\/relation$/,
    /^\/tabs\/\d+\/relatedLists\/\d+\/(?:columns|sort)\/\d+$/,
  ],
  views: [/^()\/(?:entity|groupBy|startField)$/, /^\/(?:(?:columns|sort)\/\d+|sum|endField)$/],
  dashboards: [/^(\/widgets\/\d+)\/(?:entity|measure|groupBy)/],
  workflows: [/^()\/entity$/, /^\/trigger\/watchFields\/\d+$/, /^(\/tests\/\d+)\//],
  importMappings: [/^()\/entity$/, /^(\/fields\/[^/]+)$/, /^\/fields\/[^/]+\/map\/[^/]+$/],
};

/** Lists that mean something else when they are empty, or must not be: what goes instead; none: then it breaks. */
const emptied: readonly (readonly [list: RegExp, instead: RegExp | undefined])[] = [
  [/^\/navigation\/\d+\/items$/, /^\/navigation\/\d+/],
  [/^\/search\/fields$/, /^\/search/],
  [/^\/relations\/[^/]+\/entities$/, undefined],
  [/^\/fields\/[^/]+\/optionsWhen\/\d+\/options$/, undefined],
  [/^\/appliesTo\/roles$/, /^/],
  [/^\/tabs\/\d+\/sections\/\d+\/rows\/\d+$/, /^.*/],
  [/^\/tabs\/\d+\/relatedLists\/\d+\/columns$/, /^\/tabs\/\d+\/relatedLists\/\d+/],
  [/^\/columns$/, /^/],
  [/^\/widgets$/, /^/],
  [/^\/trigger\/watchFields$/, undefined],
  [/^\/fields$/, /^/],
];

export interface Retirement {
  /** What goes with the retired things. */
  readonly withdrawals: readonly Withdrawal[];
  /** What would be left without a meaning: somebody has to decide. */
  readonly broken: readonly Reference[];
}

export function retirementOf(registry: Registry, retired: readonly Named[]): Retirement {
  const found = brokenBy(registry, retired);
  const broken = new Set(found.filter((use) => removablePart(use) === undefined));
  let parts: readonly Withdrawal[] = merged(
    found.flatMap((use) => {
      const pointer = removablePart(use);
      return pointer === undefined ? [] : [{ owner: use.owner, pointer, uses: [use] }];
    }),
  );
  // A list that loses all of its items takes what it belongs to with it, which may empty another list.
  for (;;) {
    const next = parts.map((part) => ({ part, wider: climbed(registry, parts, part) }));
    if (next.every(({ part, wider }) => part === wider)) break;
    for (const { part, wider } of next) if (wider === undefined) for (const use of part.uses) broken.add(use);
    parts = merged(next.flatMap(({ wider }) => wider ?? []));
  }
  const inside = ({ owner, pointer }: Reference): boolean =>
    parts.some((part) => sameOwner(part.owner, owner) && under(pointer, part.pointer));
  return { withdrawals: parts, broken: found.filter((use) => broken.has(use) && !inside(use)) };
}

function removablePart({ owner, pointer }: Reference): string | undefined {
  for (const pattern of removable[owner.kind] ?? []) {
    const found = pattern.exec(pointer);
    if (found !== null) return found[1] ?? pointer;
  }
  return undefined;
}

/** Each place once, and none inside of another. */
function merged(parts: readonly Withdrawal[]): readonly Withdrawal[] {
  const kept: Withdrawal[] = [];
  for (const part of [...parts].sort((a, b) => a.pointer.length - b.pointer.length)) {
    const at = kept.findIndex(({ owner, pointer }) => sameOwner(owner, part.owner) && under(part.pointer, pointer));
    const around = kept[at];
    if (around === undefined) kept.push(part);
    else kept[at] = { ...around, uses: [...new Set([...around.uses, ...part.uses])] };
  }
  return kept;
}

/** The part itself, what goes instead when its list would be empty, or undefined when that breaks something. */
function climbed(registry: Registry, parts: readonly Withdrawal[], part: Withdrawal): Withdrawal | undefined {
  const list = part.pointer.slice(0, Math.max(part.pointer.lastIndexOf('/'), 0));
  const [, instead] = emptied.find(([pattern]) => part.pointer !== '' && pattern.test(list)) ?? [undefined, null];
  if (instead === null) return part;
  const going = parts.filter(
    ({ owner, pointer }) => sameOwner(owner, part.owner) && pointer.slice(0, pointer.lastIndexOf('/')) === list,
  );
  if (going.length < sizeAt(objectOf(registry, part.owner), list)) return part;
  const wider = instead?.exec(list)?.[0];
  return wider === undefined ? undefined : { ...part, pointer: wider };
}

function sizeAt(value: unknown, pointer: string): number {
  let at = value;
  for (const key of stepsOf(pointer)) at = (at as Record<string, unknown> | undefined)?.[key];
  return Object.keys(at ?? {}).length;
}

/** The object without the places given; those of other objects must not be among them, nor the object itself. */
export function withoutPlaces<T>(value: T, pointers: readonly string[]): T {
  const gone = new Set(pointers);
  const keep = (part: unknown, pointer: string): unknown => {
    if (Array.isArray(part))
      return part.flatMap((item: unknown, at) => (gone.has(step(pointer, at)) ? [] : [keep(item, step(pointer, at))]));
    if (!isObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part).flatMap(([key, inner]) => {
        const place = step(pointer, key);
        return gone.has(place) ? [] : [[key, keep(inner, place)]];
      }),
    );
  };
  return keep(value, '') as T;
}
