// What of the metadata can be compiled although there are findings, so that the rest is still checked in the same run.
import type { MetadataObject } from './layer.ts';
import { isObject, type JsonObject, stepsOf } from './pointer.ts';
import type { MetadataSource } from './types.ts';

export interface ObjectFinding {
  readonly object: MetadataObject;
  readonly pointer: string;
  readonly message: string;
  readonly about?: 'name';
}

export interface SoundMetadata {
  readonly source: MetadataSource;
  /** The object that a value of `source` came from. */
  readonly objectOf: ReadonlyMap<unknown, MetadataObject>;
  /** Names that may well exist but were left out with their findings; not found says nothing about them. */
  readonly doubtful: ReadonlySet<string>;
}

/** Stands in for settings of app.json that are missing or refused. */
const blankApp: JsonObject = {
  id: 'app',
  name: 'app',
  label: { en: 'Application' },
  prefix: 'app_',
  schema: 'app',
  basePath: '/app',
  flagPrefix: 'app_',
  telemetryNamespace: 'app',
  baseCurrency: 'USD',
  defaultRegion: 'US',
  languages: ['en'],
  navigation: [],
};

/** Leaves out whole objects with findings; of entities only the fields and relations with findings, where the rest stands. */
export function soundMetadata(objects: readonly MetadataObject[], findings: readonly ObjectFinding[]): SoundMetadata {
  const objectOf = new Map<unknown, MetadataObject>();
  const doubtful = new Set<string>();
  const found: Record<string, unknown[]> = {};
  for (const object of objects) {
    const pointers = findings.filter((finding) => finding.object === object).map((finding) => finding.pointer);
    const value = soundValue(object, pointers, doubtful);
    if (value === undefined) continue;
    objectOf.set(value, object);
    found[object.kind.key] = [...(found[object.kind.key] ?? []), value];
  }
  // Each value has passed the schema of its kind, or the part that has not was left out.
  const of = <K extends Exclude<keyof MetadataSource, 'app'>>(key: K): MetadataSource[K] =>
    (found[key] ?? []) as unknown as MetadataSource[K];
  const source: MetadataSource = {
    app: (found['app']?.[0] ?? blankApp) as unknown as MetadataSource['app'],
    entities: of('entities'),
    optionSets: of('optionSets'),
    roles: of('roles'),
    layouts: of('layouts'),
    views: of('views'),
    dashboards: of('dashboards'),
    workflows: of('workflows'),
    importMappings: of('importMappings'),
  };
  doubtRelationsToMissing(source, doubtful);
  return { source, objectOf, doubtful };
}

function soundValue(object: MetadataObject, pointers: readonly string[], doubtful: Set<string>): JsonObject | undefined {
  if (pointers.length === 0) return object.value;
  if (object.kind.key === 'app') return soundApp(object.value, pointers);
  if (object.kind.key === 'entities') return soundEntity(object.value, pointers, doubtful);
  for (const key of ['name', 'id']) doubt(object.value[key], doubtful);
  return undefined;
}

function soundApp(app: JsonObject, pointers: readonly string[]): JsonObject {
  const refused = new Set(pointers.map((pointer) => stepsOf(pointer)[0]));
  const kept = Object.entries(app).filter(([key]) => !refused.has(key));
  return { ...blankApp, ...Object.fromEntries(kept) };
}

/** What no entity can be compiled without; other parts are left out alone. */
const essential: ReadonlySet<string | undefined> = new Set([
  undefined,
  'id',
  'name',
  'singular',
  'plural',
  'label',
  'operations',
]);

function soundEntity(entity: JsonObject, pointers: readonly string[], doubtful: Set<string>): JsonObject | undefined {
  const refused = pointers.map(stepsOf);
  const whole = refused.some(([key, member]) => essential.has(key) || (isMembers(key) && member === undefined));
  const sound = new Map(Object.entries(entity));
  for (const [key] of refused) if (key !== undefined && !isMembers(key)) sound.delete(key);
  for (const key of ['fields', 'relations']) {
    const members = isObject(entity[key]) ? Object.entries(entity[key]) : [];
    const isBad = ([name]: [string, unknown]): boolean => whole || refused.some(([at, member]) => at === key && member === name);
    for (const [name, member] of members.filter(isBad)) doubtMember(name, member, doubtful);
    sound.set(key, Object.fromEntries(members.filter((member) => !isBad(member))));
  }
  if (!whole) return { display: { nameFields: [] }, ...Object.fromEntries(sound) };
  for (const key of ['name', 'plural', 'singular']) doubt(entity[key], doubtful);
  return undefined;
}

const isMembers = (key: string | undefined): boolean => key === 'fields' || key === 'relations';

function doubt(name: unknown, doubtful: Set<string>): void {
  if (typeof name === 'string') doubtful.add(name);
}

/** A field with what it may imply (amount_currency), a relation with the fields and the inverse that it brings. */
function doubtMember(name: string, member: unknown, doubtful: Set<string>): void {
  doubtful.add(name).add(`${name}_currency`);
  if (!isObject(member)) return;
  for (const key of ['field', 'typeField', 'idField', 'inverse']) doubt(member[key], doubtful);
}

/** Their names may be missed elsewhere; but one that is also the name of a missing entity must not hide that. */
function doubtRelationsToMissing({ entities }: MetadataSource, doubtful: Set<string>): void {
  const known = new Set(entities.map(({ name }) => name));
  const relations = entities.flatMap((entity) =>
    Object.entries(entity.relations ?? {}).map(([name, relation]) => {
      const targets = relation.kind === 'belongsToAny' ? (relation.entities ?? []) : [relation.entity];
      return { name, missing: targets.filter((target) => !known.has(target)) };
    }),
  );
  const missing = new Set(relations.flatMap((relation) => relation.missing).filter((name) => !doubtful.has(name)));
  for (const relation of relations) if (relation.missing.length > 0 && !missing.has(relation.name)) doubtful.add(relation.name);
}
