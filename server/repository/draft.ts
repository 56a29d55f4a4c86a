// A record on its way to be stored: the rules it must meet, and what the hooks before its save make of it.

import { derivedFields } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { refuseIssues } from './change.ts';
import type { Context } from './context.ts';
import { currentInput } from './current-input.ts';
import { derive } from './derived.ts';
import { attachFiles } from './files.ts';
import { heirIssues } from './heirs.ts';
import type { Change } from './hooks.ts';
import { type ParsedInput, parseInput } from './input.ts';
import { minorUnitIssues } from './minor-units.ts';
import { changedFields, type RecordValues } from './records.ts';
import { checkReferences, incompleteReferences } from './references.ts';
import { checkRules } from './rules.ts';
import type { RepositoryServices } from './services.ts';
import type { TransactionContext } from './transaction.ts';

export interface Draft {
  readonly entity: Entity;
  readonly id: string;
  /** Null on create. */
  readonly before: RecordValues | null;
  readonly parsed: ParsedInput;
}

/** The draft, or the record as it was stored in the end, as the change that hooks, audit and events see. */
export const changeOf = ({ entity, id, before, parsed }: Draft, after: RecordValues = parsed.after): Change => ({
  operation: before === null ? 'create' : 'update',
  entity,
  id,
  before,
  after,
  changed: changedFields(entity, before ?? {}, after),
  ...(parsed.secrets.length === 0 ? {} : { secrets: parsed.secrets }),
});

/** Malformed input is refused at once, together with what the rules say of the rest. */
export async function refuseMalformed(services: RepositoryServices, context: Context, draft: Draft): Promise<void> {
  const { issues } = draft.parsed;
  if (issues.length === 0) return;
  const told = new Set(issues.map(({ pointer }) => pointer));
  const others = await ruleIssues(services, context, draft);
  refuseIssues([...issues, ...others.filter(({ pointer }) => !told.has(pointer))]);
}

/** Runs the hooks and holds the outcome to the rules. What it refers to is locked until the commit. */
export async function settle(services: RepositoryServices, context: TransactionContext, draft: Draft): Promise<Draft> {
  const hooked = await throughHooks(services, context, draft);
  const { draft: filed, issues } = await attachFiles(context, hooked.draft);
  const settled = await withDerived(context, filed);
  const { entity, id, parsed } = settled;
  const { changed } = changeOf(settled);
  refuseIssues([
    ...hooked.issues,
    ...issues,
    ...parsed.issues,
    ...minorUnitIssues(entity, parsed.after, (name) => changed.includes(name)),
    ...(await checkReferences(context, entity, parsed.after, changed)),
    ...(draft.before === null ? [] : await heirIssues(context, entity, id, changed)),
    ...(await ruleIssues(services, context, settled)),
  ]);
  return settled;
}

/** What is worked out stands before the rules are asked. */
async function withDerived(context: TransactionContext, draft: Draft): Promise<Draft> {
  if (derivedFields(draft.entity).length === 0) return draft;
  const { parsed } = draft;
  const { values, columns } = await derive(context, draft.entity, parsed.after);
  const both = { ...parsed, columns: { ...parsed.columns, ...columns }, after: { ...parsed.after, ...values } };
  return { ...draft, parsed: both };
}

/** Each hook sees what those before it set. */
async function throughHooks(
  services: RepositoryServices,
  context: TransactionContext,
  given: Draft,
): Promise<{ readonly draft: Draft; readonly issues: readonly Issue[] }> {
  const issues: Issue[] = [];
  let draft = given;
  for (const hook of services.hooks) {
    const result = await hook.beforeSave?.(context, changeOf(draft));
    issues.push(...(result?.issues ?? []));
    if (result?.set !== undefined) draft = await withValues(services, context, draft, result.set);
  }
  return { draft, issues };
}

async function ruleIssues(services: RepositoryServices, context: Context, draft: Draft): Promise<readonly Issue[]> {
  const { entity, id, before, parsed } = draft;
  const { changed } = changeOf(draft);
  return [
    ...incompleteReferences(entity, parsed.after),
    ...(await checkRules(services, context, entity, { id, before, after: parsed.after, changed })),
  ];
}

async function withValues(
  services: RepositoryServices,
  context: TransactionContext,
  draft: Draft,
  set: RecordValues,
): Promise<Draft> {
  const { entity, parsed } = draft;
  const more = await parseInput(services, context, entity, currentInput(context, entity, set), parsed.after, { trusted: true });
  const both = {
    columns: { ...parsed.columns, ...more.columns },
    after: more.after,
    secrets: [...new Set([...parsed.secrets, ...more.secrets])],
    issues: [...parsed.issues, ...more.issues],
  };
  return { ...draft, parsed: both };
}
