// Holds every record that was answered to the metadata version that the answer named: its keys and the types of its values.
import type pg from 'pg';
import { fieldTypeCatalogue } from '../../server/fields/index.ts';
import { buildRegistry } from '../../server/metadata/build.ts';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import type { Entity, Field, Registry } from '../../server/metadata/registry.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export interface VersionShapes {
  /**
   * Notes a record for the check at the end.
   * @param whole true: it must have every key of the version's entity; false: a selection of them
   */
  saw(version: number, entityId: string, record: JsonRecord, whole: boolean, where: string): void;
  /** What does not agree, a sentence each, at most fifty; and how many different shapes were looked at. */
  check(): Promise<{ readonly mixed: readonly string[]; readonly shapes: number }>;
}

interface Shape {
  readonly version: number;
  readonly entityId: string;
  readonly types: Readonly<Record<string, string>>;
  readonly whole: boolean;
  readonly where: string;
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

export function versionShapes(client: pg.Client, naming: { readonly schema: string; readonly prefix: string }): VersionShapes {
  const seen = new Map<string, Shape>();
  return {
    saw: (version, entityId, record, whole, where) => {
      const types = Object.fromEntries(Object.entries(record).map(([key, value]) => [key, typeOf(value)]));
      const signature = `${version} ${entityId} ${whole} ${JSON.stringify(types)}`;
      if (!seen.has(signature)) seen.set(signature, { version, entityId, types, whole, where });
    },
    check: async () => {
      const registries = new Map<number, Registry>();
      const mixed: string[] = [];
      for (const shape of seen.values()) {
        const registry = registries.get(shape.version) ?? (await registryOf(client, naming, shape.version));
        registries.set(shape.version, registry);
        mixed.push(...disagreements(registry, shape));
      }
      return { mixed: mixed.slice(0, 50), shapes: seen.size };
    },
  };
}

async function registryOf(
  client: pg.Client,
  { schema, prefix }: { readonly schema: string; readonly prefix: string },
  version: number,
): Promise<Registry> {
  const { rows } = await client.query<{ content: readonly MetadataDocument[] }>(
    `SELECT d.content FROM "${schema}"."${prefix}meta_versions" v
       CROSS JOIN LATERAL (VALUES (1, v.files_hash), (2, v.custom_hash)) AS h (position, hash)
       JOIN "${schema}"."${prefix}meta_documents" d ON d.hash = h.hash
      WHERE v.number = $1 ORDER BY h.position`,
    [version],
  );
  return buildRegistry(
    rows.flatMap(({ content }) => content),
    { fieldTypes: fieldTypeCatalogue([]), number: version },
  );
}

function disagreements(registry: Registry, { version, entityId, types, whole, where }: Shape): readonly string[] {
  const entity = [...registry.entities.values()].find(({ id }) => id === entityId);
  if (entity === undefined) return [`${where}: version ${version} has no entity ${entityId}`];
  const fields = visibleFields(entity);
  const missing = whole ? [...fields.keys()].filter((name) => !Object.hasOwn(types, name)) : [];
  const wrong = Object.entries(types).flatMap(([name, type]) => {
    const field = fields.get(name);
    if (field === undefined) return [`has "${name}", which the version does not know`];
    const expected = jsonType(field);
    return type === 'null' || expected === 'any' || type === expected ? [] : [`"${name}" is ${type}, not ${expected}`];
  });
  return [...missing.map((name) => `lacks "${name}"`), ...wrong].map(
    (what) => `${where}: ${entity.name} of version ${version} ${what}`,
  );
}

/** By every name that the version understands; what an answer must have are the current and the former ones. */
function visibleFields(entity: Entity): ReadonlyMap<string, Field> {
  const fields = [...entity.fields].filter(([, field]) => !field.hidden && field.type.secret !== true);
  const others = [...entity.aliases].flatMap(([other, { name }]) =>
    fields.filter(([own]) => own === name).map(([, field]) => [other, field] as const),
  );
  return new Map([...fields, ...others]);
}

function jsonType({ type, meta }: Field): string {
  if (type.parts !== undefined) return 'object';
  // 64 bits are more than a JSON number is sure to hold.
  if (type.kind === 'integer' && meta['big'] === true) return 'string';
  const types: Readonly<Record<string, string>> = { integer: 'number', boolean: 'boolean', set: 'array', json: 'any' };
  return types[type.kind] ?? 'string';
}
