// What a change does to everything that uses what it touches, told place by place before anything happens.
import { kinds } from '../kinds.ts';
import type { Registry } from '../registry.ts';
import { keyOf, type Owner, type Reference, type Target } from './reference.ts';
import { referencesTo } from './references.ts';
import { type Named, namedTarget } from './targets.ts';
import { retirementOf } from './withdrawals.ts';

/** What a change is about, by the names before it. What is added touches nothing that is there. */
export type Touched = Named & { readonly action: 'added' | 'changed' | 'renamed' | 'retired' };

export interface Impact {
  /** Of the object that uses what changes: `view`, `optionSet` … */
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  /** RFC 6901 pointer into the object. */
  readonly pointer: string;
  readonly effect: 'rewritten' | 'broken' | 'removed' | 'affected';
  readonly detail: string;
}

/** In the order of the metadata, each place once with what weighs most. */
export function impactOf(registry: Registry, touched: readonly Touched[]): readonly Impact[] {
  const retired = touched.filter(({ action }) => action === 'retired');
  const { withdrawals, broken } = retirementOf(registry, retired);
  const renamed = usesOf(registry, touched, 'renamed');
  const changed = usesOf(registry, touched, 'changed');
  const impacts = [
    ...broken.map((use) => impactAt(use, 'broken', use.pointer, [use])),
    ...withdrawals.map((part) => impactAt(part, 'removed', part.pointer, part.uses)),
    ...renamed.map((use) => impactAt(use, 'rewritten', use.pointer, [use])),
    ...changed.map((use) => impactAt(use, 'affected', use.pointer, [use])),
  ];
  const seen = new Set<string>();
  return impacts.filter(({ kind, id, pointer }) => {
    const place = `${kind} ${id} ${pointer}`;
    return !seen.has(place) && seen.add(place).size > 0;
  });
}

/** The places that use what has this done to it, not those that name it themselves. */
function usesOf(registry: Registry, touched: readonly Touched[], action: Touched['action']): readonly Reference[] {
  return touched
    .filter((one) => one.action === action)
    .flatMap((one) => {
      const target = namedTarget(registry, one);
      return target === undefined ? [] : referencesTo(registry, target).filter(({ declares }) => declares !== true);
    });
}

const verbs: Readonly<Record<Impact['effect'], string>> = {
  rewritten: 'is rewritten to name',
  broken: 'would be left naming',
  removed: 'goes with',
  affected: 'uses',
};

/** One place and what becomes of it, with a sentence. */
export function impactAt(
  { owner }: { readonly owner: Owner },
  effect: Impact['effect'],
  pointer: string,
  uses: readonly Reference[],
): Impact {
  const targets = [...new Map(uses.map(({ target }) => [keyOf(target), target])).values()].map(titleOf);
  const place = pointer === '' ? '' : `, ${pointer},`;
  return {
    kind: singularOf(owner),
    name: owner.name,
    id: owner.id,
    pointer,
    effect,
    detail: `The ${kinds.find(({ key }) => key === owner.kind)?.one} ${owner.name}${place} ${verbs[effect]} ${targets.join(' and ')}.`,
  };
}

/** `importMappings` → `importMapping`, `entities` → `entity`. */
const singularOf = ({ kind }: Owner): string => kind.replace(/ies$/, 'y').replace(/s$/, '');

const words: Partial<Record<Target['kind'], string>> = { optionSet: 'option set', flag: 'feature flag' };
const titleOf = ({ kind, entity, name }: Target): string =>
  `the ${words[kind] ?? kind} ${entity === undefined ? name : `${entity}.${name}`}`;
