// References must lead to live records that the actor may read; anything else is refused as missing.
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { entityPredicate } from './fact-columns.ts';
import type { RecordValues } from './records.ts';
import { parameters, quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

interface Wanted {
  readonly pointer: string;
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
  const wanted = wantedReferences(entity, after, changed);
  const issues: Issue[] = [];
  for (const name of new Set(wanted.map((reference) => reference.target))) {
    const references = wanted.filter((reference) => reference.target === name);
    const found = await livingIds(context, name, [...new Set(references.map((reference) => reference.id))]);
    for (const reference of references) {
      if (found.has(reference.id)) continue;
      issues.push({ pointer: reference.pointer, code: 'reference_missing', detail: `There is no ${name} record with this id.` });
    }
  }
  return issues;
}

function wantedReferences(entity: Entity, after: RecordValues, changed: readonly string[]): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const relation of entity.relations.values()) {
    if (relation.kind === 'belongsTo' && changed.includes(relation.field) && typeof after[relation.field] === 'string') {
      wanted.push({ pointer: `/${relation.field}`, target: relation.target, id: String(after[relation.field]) });
    }
    if (relation.kind === 'belongsToAny' && (changed.includes(relation.idField) || changed.includes(relation.typeField))) {
      const [type, id] = [after[relation.typeField], after[relation.idField]];
      if (typeof type === 'string' && typeof id === 'string') wanted.push({ pointer: `/${relation.idField}`, target: type, id });
    }
  }
  return wanted;
}

async function livingIds(context: TransactionContext, name: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const target = context.registry.entities.get(name);
  if (target === undefined || context.actor.access(name, 'read') === 'none') return new Set();
  const bound = parameters();
  const where = entityPredicate(context, target, 't', bound, 'read');
  // A partitioned, append-only target cannot be key-locked in time order; nothing deletes its rows but retention.
  const lock = target.partitioned ? '' : ' FOR KEY SHARE OF t';
  const rows = await run<{ id: string }>(context.transaction, {
    text: `SELECT t.id FROM ${target.qualifiedTable} t WHERE t.id = ANY(${bound.bind(ids)}::uuid[]) AND t.${quoted('deleted_at')} IS NULL AND ${where}${lock}`,
    values: bound.values,
  });
  return new Set(rows.map((row) => row.id));
}

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
