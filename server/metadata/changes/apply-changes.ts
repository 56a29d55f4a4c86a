// Asked operations → the next documents of the metadata, checked as a whole; pure, nothing is stored.
import { createHash } from 'node:crypto';
import type { Issue } from '../../problem.ts';
import type { JsonObject } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import { renamedBetween } from '../renamed.ts';
import { shapeChecker } from '../schema.ts';
import { documentsOf } from './custom-documents.ts';
import { mostIssues, Refused } from './refusal.ts';
import { operationOf, shapedChanges } from './shapes.ts';
import { checkedRegistry, toldFindings } from './told-findings.ts';
import { touchedThings } from './touched-things.ts';
import type { ChangeOptions, ChangeResult } from './types.ts';
import { dataChanges } from './values.ts';
import { startWork, type Work } from './work.ts';

/**
 * The changes carried out one after another, each with the names that those before it left; whatever is wrong with them is
 * an issue, whatever JSON they are.
 */
export async function applyChanges(registry: Registry, changes: unknown, options: ChangeOptions = {}): Promise<ChangeResult> {
  const shaped = await shapedChanges(changes);
  if ('issues' in shaped) return unchanged(registry, shaped.issues);
  const work = startWork(registry, {
    checkShape: await shapeChecker(registry.fieldTypes),
    now: options.now ?? new Date(),
    seed: createHash('sha256')
      .update(JSON.stringify([registry.version, registry.number, shaped]))
      .digest('hex'),
  });
  const { issues, after } = await carryOut(work, shaped);
  if (issues.length > 0) return unchanged(registry, issues);
  const documents = documentsOf(work);
  const checked =
    documents === registry.documents
      ? { registry }
      : await checkedRegistry(documents, { fieldTypes: registry.fieldTypes, number: registry.number });
  if ('findings' in checked) return unchanged(registry, await toldFindings(work, documents, checked.findings, after));
  const { entityNames, memberNames } = renamedBetween(registry, checked.registry);
  return {
    issues: [],
    documents,
    data: dataChanges(work, checked.registry),
    names: { entityNames, memberNames },
    touched: touchedThings(work.touched, registry, checked.registry),
    emptyUnconvertible: work.emptyUnconvertible,
    registry: checked.registry,
  };
}

function unchanged(registry: Registry, issues: readonly Issue[]): ChangeResult {
  return {
    issues: issues.slice(0, mostIssues),
    documents: registry.documents,
    data: [],
    names: { entityNames: {}, memberNames: {} },
    touched: [],
    emptyUnconvertible: new Set(),
    registry,
  };
}

interface CarriedOut {
  readonly issues: readonly Issue[];
  /** The objects after each change. */
  readonly after: readonly Work['objects'][];
}

async function carryOut(work: Work, changes: readonly JsonObject[]): Promise<CarriedOut> {
  const issues: Issue[] = [];
  const after: Work['objects'][] = [];
  for (const [index, change] of changes.entries()) {
    if (!work.done.has(index)) issues.push(...tried(work, changes, change, index, issues.length > 0));
    after.push(work.objects);
    // Other requests go on while many changes are worked out.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { issues, after };
}

/** What is not found after another change failed may only be missing because of that. */
function tried(work: Work, changes: readonly JsonObject[], change: JsonObject, index: number, failed: boolean): readonly Issue[] {
  const { objects, registry } = work;
  try {
    operationOf(change)?.apply({ work, change, index, pointer: `/changes/${index}`, changes });
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    work.objects = objects;
    work.registry = registry;
    return error.issues.filter(({ code }) => !failed || code !== 'unknown');
  }
}
