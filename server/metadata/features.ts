// The features that a flag switches: every entity and every workflow by its name, and the catalogue of the larger ones.
import { currentName } from './aliases.ts';
import { type Entity, perRegistry, type Registry } from './registry.ts';
import type { Right, WorkflowMetadata } from './types.ts';

/** Something larger than one entity or workflow. */
export interface LargerFeature {
  readonly name: string;
  /** While it is off, no entity offers these. */
  readonly rights?: readonly Right[];
  /** Plural names of the entities that go with it. */
  readonly entities?: readonly string[];
}

/** THE catalogue. Routes of a feature ask `actor.isOn`; rights and entities named here follow by themselves. */
export const largerFeatures: readonly LargerFeature[] = [
  { name: 'duplicates', rights: ['merge'] },
  { name: 'export', rights: ['export'], entities: ['exports'] },
  { name: 'graphql' },
  { name: 'import', rights: ['import'], entities: ['imports'] },
  { name: 'mass_change', rights: ['massChange'] },
  { name: 'search' },
  { name: 'sharing', entities: ['shares'] },
];

/** The field of the platform whose values are names of features: an entity that is renamed takes its flag along. */
export const namesFeatures = { entity: 'feature_flags', field: 'name' } as const;

/** Without these nobody could switch anything on again: no flag reaches them. */
const alwaysOn: ReadonlySet<string> = new Set(['users', 'feature_flags', 'feature_flag_targets']);

/** What one flag switches. */
export interface Feature {
  /** The flag's name; its key is that of the application's `flagPrefix` before it. */
  readonly name: string;
  readonly kind: 'entity' | 'workflow' | 'application' | 'plugin';
  /** Plural names of the entities that are there only while it is on. */
  readonly entities: readonly string[];
}

/** An entity shares the flag that its metadata name, or has one of its own name. */
const flagOfEntity = ({ name, meta }: Entity): string => meta.featureFlag ?? name;

/** The flag without which the workflow does not start. */
export const flagOfWorkflow = ({ name, featureFlag }: WorkflowMetadata): string => featureFlag ?? `workflow_${name}`;

/** All features of the metadata by the name of their flag. */
export const featuresOf = perRegistry((registry): ReadonlyMap<string, Feature> => {
  const features = new Map<string, Feature>();
  const add = (name: string, kind: Feature['kind'], entities: readonly string[] = []): void => {
    const known = features.get(name);
    features.set(name, known === undefined ? { name, kind, entities } : { ...known, entities: [...known.entities, ...entities] });
  };
  for (const { name, entities } of largerFeatures) add(name, 'application', entities);
  for (const entity of registry.entities.values()) add(flagOfEntity(entity), 'entity', [entity.name]);
  for (const workflow of registry.workflows) add(flagOfWorkflow(workflow), 'workflow');
  return features;
});

/** The name that a flag has today: until its record is rewritten, it has the name that the entity had before. */
export const currentFeature = (registry: Registry, name: string): string =>
  featuresOf(registry).has(name) ? name : currentName(registry.aliases, name);

/** Whether a flag of this name would hide what switches flags on again. */
export const locksOut = (registry: Registry, name: string): boolean =>
  featuresOf(registry)
    .get(name)
    ?.entities.some((entity) => alwaysOn.has(entity)) === true;

/** Whom flags look at. Sessions and API keys of one user are one subject, with the roles of each. */
export interface FlagSubject {
  readonly id: string;
  readonly roles: readonly string[];
  readonly reach: { readonly teams: readonly string[] };
}

/** Features that are off for somebody. Equal ones are one object, so that what is derived from them can be kept by `key`. */
export interface OffFeatures {
  readonly key: string;
  readonly names: ReadonlySet<string>;
}

export const nothingOff: OffFeatures = Object.freeze({ key: '', names: new Set<string>() });

/** What is not there while these features are off. */
export interface Closed {
  readonly entities: ReadonlySet<string>;
  readonly rights: ReadonlySet<Right>;
}

/** An entity whose records belong to those of a closed one is closed as well: lines go with what they are lines of. */
export function closedBy(registry: Registry, off: OffFeatures): Closed {
  const names = new Set([...off.names].map((name) => currentFeature(registry, name)));
  const larger = largerFeatures.filter(({ name }) => names.has(name));
  const named = new Set(larger.flatMap(({ entities = [] }) => entities));
  const closed = new Set<string>();
  const isClosed = (entity: Entity, seen: readonly Entity[] = []): boolean => {
    if (alwaysOn.has(entity.name) || seen.includes(entity)) return false;
    if (named.has(entity.name) || names.has(flagOfEntity(entity))) return true;
    const owner = entity.relations.get(entity.meta.ownership?.through ?? '');
    const parent = owner?.kind === 'belongsTo' ? registry.entities.get(owner.target) : undefined;
    return parent !== undefined && isClosed(parent, [...seen, entity]);
  };
  for (const entity of registry.entities.values()) if (isClosed(entity)) closed.add(entity.name);
  return { entities: closed, rights: new Set(larger.flatMap(({ rights = [] }) => rights)) };
}
