// Compiles checked metadata into the registry: frozen, with a version that changes only when the content does.
import { createHash } from 'node:crypto';
import type { FieldType } from '../fields/field-type.ts';
import { entityAliases, memberAliases, withImplied } from './aliases.ts';
import { compileFields, type FieldSource } from './compile-fields.ts';
import { compileRelations } from './compile-relations.ts';
import { type MetadataDocument, noTransition, type Transition } from './document.ts';
import { freezeDeep, frozenMap } from './freeze.ts';
import type { Entity, Registry } from './registry.ts';
import { drained, type Parts } from './slices.ts';
import type { EntityMetadata, MetadataSource } from './types.ts';

export interface CompileOptions {
  /** From which layer an entity id came; absent: the application. */
  readonly layerOf?: (entityId: string) => Entity['layer'];
  readonly documents?: readonly MetadataDocument[];
  readonly number?: number;
  readonly transition?: Transition;
  /** Its hash, where it is known: '' for one that is only looked at on the way. Making it costs a third of the compiling. */
  readonly version?: string;
  /** One that was compiled with the same options from what differs from this in some of its entities only: the others are taken over. */
  readonly like?: Registry;
}

export const compileRegistry = (...input: Parameters<typeof compiling>): Registry => drained(compiling(...input));

/** The same entity by entity. */
export function* compiling(
  source: MetadataSource,
  fieldTypes: ReadonlyMap<string, FieldType>,
  options: CompileOptions = {},
): Parts<Registry> {
  const { layerOf = () => 'application', documents = [], number = 0, transition = noTransition, like } = options;
  freezeDeep(source);
  const relations = compileRelations(source);
  yield;
  const entities: Entity[] = [];
  for (const meta of source.entities) {
    const same = like?.entities.get(meta.name);
    entities.push(
      same?.meta === meta
        ? same
        : compileEntity({ source, fieldTypes, transition }, meta, relations.get(meta.name) ?? new Map(), layerOf(meta.id)),
    );
    yield;
  }
  const version = options.version ?? (yield* versionOf(source));
  return Object.freeze({
    version,
    number,
    documents: freezeDeep(documents),
    aliases: entityAliases(source, transition),
    app: source.app,
    entities: frozenMap(new Map(entities.map((entity) => [entity.name, entity]))),
    entitiesBySingular: frozenMap(new Map(entities.map((entity) => [entity.singular, entity]))),
    optionSets: frozenMap(new Map(source.optionSets.map((set) => [set.name, set]))),
    roles: frozenMap(new Map(source.roles.map((role) => [role.name, role]))),
    layouts: source.layouts,
    views: source.views,
    dashboards: source.dashboards,
    workflows: source.workflows,
    importMappings: frozenMap(new Map(source.importMappings.map((mapping) => [mapping.id, mapping]))),
    fieldTypes,
  });
}

function compileEntity(input: FieldSource, meta: EntityMetadata, relations: Entity['relations'], layer: Entity['layer']): Entity {
  const { source, transition } = input;
  const inForce = Object.hasOwn(transition.physical, meta.id) ? transition.physical[meta.id] : undefined;
  const table = inForce ?? `${source.app.prefix}${meta.plural}`;
  const fields = compileFields(input, meta);
  return Object.freeze({
    id: meta.id,
    name: meta.plural,
    singular: meta.singular,
    meta,
    table,
    qualifiedTable: `"${source.app.schema}"."${table}"`,
    fields,
    relations,
    aliases: withImplied(memberAliases(meta, transition), fields, relations),
    operations: frozenMap(new Set(meta.operations)),
    partitioned: meta.storage?.partitionBy === 'month',
    layer,
  });
}

/** SHA-256 over the metadata with sorted keys, object by object; first 16 hex digits. */
function* versionOf(source: MetadataSource): Parts<string> {
  const hash = createHash('sha256');
  for (const [kind, value] of Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\n${kind}`);
    for (const object of Array.isArray(value) ? (value as unknown[]) : [value]) {
      hash.update(`\n${stableText(object)}`);
      yield;
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
