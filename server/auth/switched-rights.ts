// Rights while features are off: nobody has a word on what is off, so it answers as what is closed to everybody does.
import type { Condition } from '../conditions/tree.ts';
import { feedOf, rollupsOf } from '../metadata/computed.ts';
import { type Closed, closedBy, type OffFeatures } from '../metadata/features.ts';
import { kept } from '../metadata/kept.ts';
import { type Entity, type Grant, perRegistry, type Registry } from '../metadata/registry.ts';
import type { FieldGrant, Right } from '../metadata/types.ts';
import { storedNames } from '../repository/stored-names.ts';
import { type Rights, rightsOf } from './rights.ts';

/** Sets of roles times sets of features that are off; beyond that, what was used least is made again. */
const keptVariants = 500;

const known = perRegistry(() => kept<Rights>(keptVariants));

/** The rights of the roles, without what is off; those of `rightsOf` themselves where nothing is. */
export function switchedRights(registry: Registry, roles: readonly string[], off: OffFeatures): Rights {
  const rights = rightsOf(registry, roles);
  return off.names.size === 0 ? rights : known(registry)(`${rights.key}|${off.key}`, () => without(registry, rights, off));
}

function without(registry: Registry, rights: Rights, off: OffFeatures): Rights {
  const closed = closedBy(registry, off);
  const found = new Map<string, readonly Grant[]>();
  const grantsOn = (name: string, right: Right): readonly Grant[] => {
    const entity = registry.entities.get(name);
    const grants = rights.grants(name, right);
    if (entity === undefined) return grants;
    const fields = closedFields(registry, entity, closed);
    const filter = notAbout(registry, entity, closed);
    if (Object.keys(fields).length === 0 && filter === undefined) return grants;
    return grants.map((grant) => ({
      ...grant,
      fields: { ...grant.fields, ...fields },
      ...(filter === undefined ? {} : { filter: grant.filter === undefined ? filter : { all: [grant.filter, filter] } }),
    }));
  };
  const grants = (entity: string, right: Right): readonly Grant[] => {
    if (closed.entities.has(entity) || closed.rights.has(right)) return [];
    const place = `${entity} ${right}`;
    const made = found.get(place) ?? grantsOn(entity, right);
    found.set(place, made);
    return made;
  };
  return {
    ...rights,
    key: `${rights.key}|${off.key}`,
    digest: `${rights.digest}|${off.key}`,
    notOffered: closed.rights,
    grants,
    access: (entity, right) => (closed.entities.has(entity) || closed.rights.has(right) ? 'none' : rights.access(entity, right)),
  };
}

const closedField: FieldGrant = { read: false, write: false };

/** Fields that lead to what is off, or sum it up. What they hold stays as it is. */
function closedFields(registry: Registry, entity: Entity, { entities }: Closed): Readonly<Record<string, FieldGrant>> {
  const references = [...entity.relations.values()].flatMap((relation) =>
    relation.kind === 'belongsTo' && entities.has(relation.target) ? [relation.field] : [],
  );
  const sums = rollupsOf(entity).flatMap((rollup) => {
    const source = feedOf(registry, entity, rollup)?.source;
    return source !== undefined && entities.has(source.name) ? [rollup.name] : [];
  });
  return Object.fromEntries([...references, ...sums].map((name) => [name, closedField]));
}

/** What belongs to records of any kind (timeline, audit, comments …) goes with those that are off. */
function notAbout(registry: Registry, { meta, relations }: Entity, { entities }: Closed): Condition | undefined {
  const owner = relations.get(meta.ownership?.through ?? '');
  if (owner?.kind !== 'belongsToAny') return undefined;
  const value = owner.targets.filter((target) => entities.has(target)).flatMap((target) => storedNames(registry, target));
  return value.length === 0 ? undefined : { fact: owner.typeField, operator: 'notIn', value };
}
