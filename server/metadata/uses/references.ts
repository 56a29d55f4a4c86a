// Every place in the metadata where something is named: worked out once a registry, looked up by what is named.
import { perRegistry, type Registry } from '../registry.ts';
import { usesByOwner } from './catalogue.ts';
import { keyOf, type Reference, type Target } from './reference.ts';

/** All of them, in the order of the kinds and of the objects; the places that give a name are among them (`declares`). */
export const referencesOf = perRegistry((registry: Registry): readonly Reference[] =>
  usesByOwner(registry).flatMap(({ owner, uses }) => [...uses].map((use) => Object.freeze({ owner, ...use }))),
);

const byTarget = perRegistry((registry): ReadonlyMap<string, readonly Reference[]> => {
  const found = new Map<string, Reference[]>();
  for (const reference of referencesOf(registry)) {
    const key = keyOf(reference.target);
    const known = found.get(key);
    if (known === undefined) found.set(key, [reference]);
    else known.push(reference);
  }
  return found;
});

/** The places that name this, the one that declares it included. */
export const referencesTo = (registry: Registry, target: Target): readonly Reference[] =>
  byTarget(registry).get(keyOf(target)) ?? [];
