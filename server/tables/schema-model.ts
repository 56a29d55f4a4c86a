// Registry → schema model: the tables that a registry asks for. Pure, the same for the same metadata.

import { engineTables } from '../metadata/engine-tables.ts';
import { namesFeatures } from '../metadata/features.ts';
import { type MatchKey, matchKeysOf } from '../metadata/match-keys.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { columnDefault } from './column-default.ts';
import { entityIndexes } from './entity-indexes.ts';
import { maxNameLength, neverNull, objectName, shortHash } from './names.ts';
import type { ColumnModel, ForeignKeyModel, Naming, SchemaModel, TableModel } from './schema-types.ts';

/** @throws validation_failed for what no table can hold: a name too long or taken by the engine, an id used twice. */
export function schemaModel(registry: Registry): SchemaModel {
  const tables = [...registry.entities.values()].map((entity) => tableModel(registry, entity));
  return { schema: registry.app.schema, tables: tables.sort((a, b) => (a.entityId < b.entityId ? -1 : 1)) };
}

function tableModel(registry: Registry, entity: Entity): TableModel {
  const relations = [...entity.relations.values()];
  const typeFields = new Set(relations.flatMap((relation) => (relation.kind === 'belongsToAny' ? [relation.typeField] : [])));
  const holds = (field: string): ColumnModel['holds'] =>
    typeFields.has(field)
      ? 'entityName'
      : entity.name === namesFeatures.entity && field === namesFeatures.field
        ? 'featureName'
        : undefined;
  const keys = new Map(matchKeysOf(entity.meta).map((key) => [key.name, keySource(entity, key)]));
  const columns = [...entity.fields.values()].flatMap((field) => fieldColumns(field, holds(field.name), keys.get(field.name)));
  const table = tableName(registry.app, entity);
  refuseUnfit(registry, entity, columns);
  return {
    entityId: entity.id,
    entity: entity.name,
    name: table,
    columns,
    primaryKey: {
      name: objectName(table, shortHash(entity.id), 'pkey'),
      columns: entity.partitioned ? ['id', 'created_at'] : ['id'],
    },
    indexes: entityIndexes(entity, table),
    foreignKeys: foreignKeys(registry, entity),
    partitioned: entity.partitioned,
  };
}

/** Not `entity.table`: that is the name in force while a change is under way. */
const tableName = ({ prefix }: Naming, { name }: Pick<Entity, 'name'>): string => `${prefix}${name}`;

function fieldColumns(field: Field, holds: ColumnModel['holds'], keyOf: ColumnModel['keyOf']): readonly ColumnModel[] {
  return [...field.columns, ...(field.kept ?? [])].map((column) => ({
    id: `${field.meta.id}${column.suffix}`,
    field: field.meta.id,
    // Not `column.name`: that is the name in force while a change is under way.
    name: `${field.name}${column.suffix}`,
    type: column.type,
    // A value of several columns (an address) may lack any of them; that it is there at all, the repository checks.
    notNull: field.system ? neverNull.has(field.name) : field.required && field.columns.length === 1,
    default: columnDefault(field, column),
    collation: column.collation ?? null,
    ...(holds === undefined ? {} : { holds }),
    ...(keyOf === undefined ? {} : { keyOf }),
  }));
}

function keySource(entity: Entity, { field, part, normaliser }: MatchKey): ColumnModel['keyOf'] {
  const suffix = part === undefined ? '' : (entity.fields.get(field)?.type.parts?.[part]?.suffix ?? '');
  return { column: `${field}${suffix}`, normaliser };
}

function foreignKeys(registry: Registry, entity: Entity): readonly ForeignKeyModel[] {
  const keys: ForeignKeyModel[] = [];
  for (const relation of entity.relations.values()) {
    if (relation.kind !== 'belongsTo' || !relation.foreignKey) continue;
    const target = registry.entities.get(relation.target);
    const field = entity.fields.get(relation.field);
    if (target === undefined || field === undefined || target.partitioned || entity.partitioned) continue;
    const id = shortHash(entity.id, field.meta.id, target.id);
    keys.push({
      id,
      name: objectName(tableName(registry.app, entity), id, 'fkey'),
      column: relation.field,
      targetEntityId: target.id,
      targetTable: tableName(registry.app, target),
    });
  }
  return keys;
}

function refuseUnfit(registry: Registry, entity: Entity, columns: readonly ColumnModel[]): void {
  const findings: string[] = [];
  const { prefix } = registry.app;
  const table = tableName(registry.app, entity);
  if (engineTables.some((name) => table === `${prefix}${name}`)) findings.push(`"${table}" is a table of the engine.`);
  for (const name of [table, ...columns.map((column) => column.name)]) {
    if (Buffer.byteLength(name) > maxNameLength) findings.push(`"${name}" is longer than ${maxNameLength} bytes.`);
  }
  for (const key of ['id', 'name'] as const) {
    const seen = new Set<string>();
    for (const column of columns) {
      if (seen.has(column[key])) findings.push(`Two columns have the ${key} "${column[key]}".`);
      seen.add(column[key]);
    }
  }
  if (findings.length > 0) {
    const pointer = `/entities/${entity.name}`;
    throw problem('validation_failed', { errors: findings.map((detail) => ({ pointer, code: 'unfit_for_table', detail })) });
  }
}
