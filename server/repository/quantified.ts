// To-many parts of a rule's condition: PostgreSQL answers them for the stored record, memory tests the rest.
import type { Knex } from 'knex';
import { type Condition, isLeaf } from '../conditions/tree.ts';
import type { Entity } from '../metadata/registry.ts';
import { trustedCondition } from './condition-scope.ts';
import type { Context } from './context.ts';
import type { RecordValues } from './records.ts';
import { parameters, run } from './statement.ts';

const always: Condition = { all: [] };
const never: Condition = { any: [] };

/**
 * Each condition with its to-many parts replaced by what they come to, rights aside: a rule holds for everybody alike.
 * A record that is only being created has no related records yet.
 */
export async function answerQuantified(
  database: Knex,
  context: Context,
  entity: Entity,
  conditions: readonly Condition[],
  record: { readonly id: string; readonly before: RecordValues | null },
): Promise<ReadonlyMap<Condition, Condition>> {
  const parts = conditions.flatMap(quantifiedIn);
  const answers = new Map<Condition, boolean>(parts.map((part) => [part, !('some' in part)]));
  if (parts.length > 0 && record.before !== null) {
    const bound = parameters();
    const asked = parts.map((part, index) => `(${trustedCondition(context, entity, 't', part, bound)}) IS TRUE AS a${index}`);
    const [row] = await run(database, {
      text: `SELECT ${asked.join(', ')} FROM ${entity.qualifiedTable} t WHERE t."id" = ${bound.bind(record.id)}::uuid`,
      values: bound.values,
    });
    for (const [index, part] of parts.entries()) answers.set(part, row?.[`a${index}`] === true);
  }
  return new Map(conditions.map((condition) => [condition, answered(condition, answers)]));
}

function quantifiedIn(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all.flatMap(quantifiedIn);
  if ('any' in condition) return condition.any.flatMap(quantifiedIn);
  if ('not' in condition) return quantifiedIn(condition.not);
  return isLeaf(condition) ? [] : [condition];
}

function answered(condition: Condition, answers: ReadonlyMap<Condition, boolean>): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => answered(part, answers)) };
  if ('any' in condition) return { any: condition.any.map((part) => answered(part, answers)) };
  if ('not' in condition) return { not: answered(condition.not, answers) };
  if (isLeaf(condition)) return condition;
  return answers.get(condition) === true ? always : never;
}
