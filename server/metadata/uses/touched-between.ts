// What a state of the metadata does to another one: everything of the first that is renamed, changed or gone in the second.
import { isDeepStrictEqual } from 'node:util';
import type { Registry } from '../registry.ts';
import type { Touched } from './impact.ts';
import type { Named } from './targets.ts';

/** One thing that has an id and a name, and what it consists of. */
interface Thing {
  readonly named: Named;
  readonly id: string;
  readonly name: string;
  readonly content: unknown;
}

export function touchedBetween(from: Registry, to: Registry): readonly Touched[] {
  const after = new Map(thingsIn(to).map((thing) => [`${thing.named.kind} ${thing.id}`, thing]));
  return thingsIn(from).flatMap(({ named, id, name, content }): Touched[] => {
    const next = after.get(`${named.kind} ${id}`);
    if (next === undefined) return [{ ...named, action: 'retired' }];
    if (next.name !== name) return [{ ...named, action: 'renamed' }];
    return isDeepStrictEqual(next.content, content) ? [] : [{ ...named, action: 'changed' }];
  });
}

/** Of an entity only what is its own; its members are things themselves. */
function thingsIn(registry: Registry): readonly Thing[] {
  const entities = [...registry.entities.values()].flatMap(({ name: entity, meta }): Thing[] => {
    const { fields, relations = {}, plural: _plural, name: _name, ...own } = meta;
    const members = (kind: 'field' | 'relation', all: Readonly<Record<string, { readonly id: string }>>): Thing[] =>
      Object.entries(all).map(([name, content]) => ({ named: { kind, entity, name }, id: content.id, name, content }));
    return [
      { named: { kind: 'entity', name: entity }, id: meta.id, name: entity, content: own },
      ...members('field', fields),
      ...members('relation', relations),
    ];
  });
  const sets = [...registry.optionSets.values()].map(
    ({ id, name, ...content }): Thing => ({ named: { kind: 'optionSet', name }, id, name, content }),
  );
  const roles = [...registry.roles.values()].map(
    ({ id, name, ...content }): Thing => ({ named: { kind: 'role', name }, id, name, content }),
  );
  return [...entities, ...sets, ...roles];
}
