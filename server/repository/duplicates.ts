// Holds a record on its way to be stored to the duplicate rules of its entity: what blocks refuses it, the rest is reported.
import { factsOf } from '../conditions/facts.ts';
import type { Entity } from '../metadata/registry.ts';
import type { DuplicateOccasion, DuplicateRule } from '../metadata/types.ts';
import type { Context } from './context.ts';
import { duplicateProblem } from './duplicate-problem.ts';
import { blockersOf, type Own, termsOf } from './duplicate-sql.ts';
import { findDuplicates, hasValue, type OwnValues } from './find-duplicates.ts';
import { matchColumns, partOf } from './match-columns.ts';
import { type RecordValues, sameValue } from './records.ts';
import type { DuplicateFinding } from './repository.ts';
import { conditionTester } from './rules.ts';
import type { RepositoryServices } from './services.ts';
import { run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export interface Compared {
  readonly id: string;
  /** Null on create. */
  readonly before: RecordValues | null;
  /** With its `display_name`. */
  readonly after: RecordValues;
}

/**
 * Of two writes at the same time that would make the same key, the second waits here for the first, and then finds it.
 * @throws problem `duplicate`; `possible_duplicate` for callers that want to be asked
 * @returns what the write is warned of
 */
export async function refuseDuplicates(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  record: Compared,
): Promise<readonly DuplicateFinding[]> {
  const own = ownValues(entity, record.after);
  const rules = await rulesFor(services, context, entity, record, own);
  if (rules.length === 0) return [];
  await lockKeys(context, entity, rules, own);
  const found = await findDuplicates(context.transaction, context, entity, rules, { self: record.id, own });
  const blocking = found.filter(({ action }) => action === 'block');
  if (blocking.length > 0) throw duplicateProblem('duplicate', context, entity, blocking);
  if (found.length > 0 && context.strict === true) throw duplicateProblem('possible_duplicate', context, entity, found);
  return found;
}

/** Stored values and keys, by column. */
export function ownValues(entity: Entity, record: RecordValues): OwnValues {
  const stored = (entity.meta.duplicateRules ?? []).flatMap((rule) =>
    termsOf(entity, rule).map(({ match, column }) => {
      const [field = '', part] = match.field.split('.');
      return [column.name, partOf(record[field], part)] as const;
    }),
  );
  return { ...Object.fromEntries(stored), ...matchColumns(entity, record) };
}

/** Those of the occasion whose condition the record meets, and on an update that the change has to do with. */
export async function rulesFor(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: Compared,
  own: OwnValues,
): Promise<readonly DuplicateRule[]> {
  const { before } = record;
  const bulk = context.source === 'import' || context.source === 'demo';
  const occasion: DuplicateOccasion = bulk ? 'import' : before === null ? 'create' : 'update';
  const past = before === null ? {} : ownValues(entity, before);
  const concerned = (entity.meta.duplicateRules ?? []).filter(
    (rule) =>
      (rule.on ?? [occasion]).includes(occasion) &&
      (before === null ||
        termsOf(entity, rule).some(({ column }) => !sameValue(own[column.name], past[column.name])) ||
        (rule.when !== undefined && factsOf(rule.when).some((fact) => !sameValue(before[fact], record.after[fact])))),
  );
  const conditions = concerned.flatMap(({ when }) => (when === undefined ? [] : [when]));
  if (conditions.length === 0) return concerned;
  const holds = await conditionTester(services, context, entity, conditions, record);
  return concerned.filter(({ when }) => when === undefined || holds(when));
}

/** Until the commit, one lock a key that blocks. What is only like another has no key: there both may pass. */
async function lockKeys(
  context: TransactionContext,
  entity: Entity,
  rules: readonly DuplicateRule[],
  own: OwnValues,
): Promise<void> {
  const compared: Own = { has: ({ name }) => hasValue(own, name), sql: ({ name }) => name };
  const keys = rules.flatMap((rule) => {
    if (rule.action !== 'block') return [];
    const terms = termsOf(entity, rule);
    const equal = blockersOf(rule, terms, compared).filter(({ match }) => match.method !== 'similar');
    if (rule.threshold !== undefined) return equal.map(({ column }) => [rule.name, column.name, own[column.name]]);
    return equal.length === 0 || !terms.every(({ column }) => compared.has(column))
      ? []
      : [[rule.name, ...equal.map(({ column }) => own[column.name])]];
  });
  if (keys.length === 0) return;
  // In one order, so that two writes with several keys do not wait for each other.
  const names = keys.map((key) => JSON.stringify([entity.id, ...key])).sort();
  await run(context.transaction, {
    text: 'SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM (SELECT unnest($1::text[]) AS k OFFSET 0) keys',
    values: [names],
  });
}
