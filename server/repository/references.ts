// References must lead to live records that the actor may read; anything else is refused as missing.
import type { Entity, Relation } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { RecordValues } from './records.ts';
import { entityPredicate } from './row-rights.ts';
import { literal, parameters, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export type ReferringRelation = Extract<Relation, { kind: 'belongsTo' | 'belongsToAny' }>;

export interface Reference {
  readonly relation: ReferringRelation;
  /** The field that holds the id. */
  readonly field: string;
  /** Plural name of the entity referred to. */
  readonly target: string;
  readonly id: string;
}

/** Locks each referenced row against deletion until the commit; returns an issue for each that is missing. */
export async function checkReferences(
  context: TransactionContext,
  entity: Entity,
  after: RecordValues,
  changed: readonly string[],
): Promise<readonly Issue[]> {
  const missing = await missingReferences(context, referencesOf(entity, after, changed));
  return missing.map(({ field, target }) => ({
    pointer: `/${field}`,
    code: 'reference_missing',
    detail: `There is no ${target} record with this id.`,
  }));
}

/** What a record refers to, through the fields named or all of them. */
export function referencesOf(entity: Entity, record: RecordValues, fields?: readonly string[]): readonly Reference[] {
  const asked = (...names: string[]): boolean => fields === undefined || names.some((name) => fields.includes(name));
  return [...entity.relations.values()].flatMap((relation): Reference[] => {
    if (relation.kind === 'belongsTo') {
      const { field, target } = relation;
      const id = record[field];
      const counts = typeof id === 'string' && asked(field) && entity.fields.get(field)?.system !== true;
      return counts ? [{ relation, field, target, id }] : [];
    }
    if (relation.kind !== 'belongsToAny') return [];
    const { typeField, idField: field } = relation;
    const [target, id] = [record[typeField], record[field]];
    return typeof target === 'string' && typeof id === 'string' && asked(typeField, field)
      ? [{ relation, field, target, id }]
      : [];
  });
}

/** Those that lead to no live record that the actor may read. Who asks may always be referred to: as an owner, say. */
export async function missingReferences(
  context: TransactionContext,
  references: readonly Reference[],
): Promise<readonly Reference[]> {
  const bound = parameters();
  const me = references.length === 0 ? '' : bound.bind(context.actor.id);
  const lookups = [...new Set(references.map(({ target }) => target))].flatMap((name, index) => {
    const target = context.registry.entities.get(name);
    if (target === undefined) return [];
    const ids = bound.bind(references.filter((reference) => reference.target === name).map(({ id }) => id));
    const readable = entityPredicate(context, target, 't', bound, 'read');
    // Retention alone takes rows out of partitioned, append-only tables: nothing to lock against.
    const lock = target.partitioned ? '' : ' FOR KEY SHARE OF t';
    const where = `t."id" = ANY(${ids}::uuid[]) AND t."deleted_at" IS NULL AND (${readable} OR t."id" = ${me}::uuid)`;
    return [
      `SELECT ${literal(name)} AS target, id FROM (SELECT t."id" FROM ${target.qualifiedTable} t WHERE ${where}${lock}) f${index}`,
    ];
  });
  if (lookups.length === 0) return references;
  const found = await run<{ target: string; id: string }>(context.transaction, {
    text: lookups.join(' UNION ALL '),
    values: bound.values,
  });
  const living = new Set(found.map(({ target, id }) => `${target} ${id}`));
  return references.filter(({ target, id }) => !living.has(`${target} ${id}`));
}

/** The values that let go of what a relation refers to. */
export const clearedReference = (relation: ReferringRelation): RecordValues =>
  relation.kind === 'belongsTo' ? { [relation.field]: null } : { [relation.typeField]: null, [relation.idField]: null };

/** Both halves of a "record of any kind" stand or fall together. */
export function incompleteReferences(entity: Entity, after: RecordValues): readonly Issue[] {
  const issues: Issue[] = [];
  for (const relation of entity.relations.values()) {
    if (relation.kind !== 'belongsToAny') continue;
    const type = after[relation.typeField] ?? null;
    const id = after[relation.idField] ?? null;
    if (type === null && id !== null)
      issues.push({ pointer: `/${relation.typeField}`, code: 'required', detail: 'The kind of the record is missing.' });
    if (type !== null && id === null)
      issues.push({ pointer: `/${relation.idField}`, code: 'required', detail: 'The id of the record is missing.' });
  }
  return issues;
}
