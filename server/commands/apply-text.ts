// A promotion as text: what changes object by object, what breaks for clients, the steps; or where the sides contradict.
import { breakingChanges } from '../metadata/breaking.ts';
import { compareMetadata } from '../metadata/compare.ts';
import { differenceText } from '../metadata/compare-text.ts';
import type { DocumentConflict } from '../metadata/merge.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Plan } from '../versions/request.ts';
import { breakingText } from './breaking.ts';
import { textTable } from './text-table.ts';

interface Promotion {
  readonly live: Registry;
  readonly wanted: Registry;
  readonly plan: Plan;
  readonly sql: boolean;
}

export function promotionText({ live, wanted, plan, sql }: Promotion): string {
  const differences = differenceText(compareMetadata(live, wanted)).trimEnd();
  if (differences === '') return 'The customisations in force are those of the folder already.';
  return [differences, impactText(live, wanted), stepsText(plan, sql), blockersText(plan)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function impactText(live: Registry, wanted: Registry): string {
  const found = breakingChanges(live, wanted);
  return found.length === 0 ? '' : `For clients of the API:\n${breakingText(found)}`;
}

function stepsText({ steps, baseVersion }: Plan, sql: boolean): string {
  if (steps.length === 0) return 'The tables stay as they are.';
  const heading = ['#', 'phase', 'what', 'lock', 'cost', 'rows'];
  const rows = steps.map(({ phase, description, lock, cost, rows: count }, at) => [
    ...[String(at + 1), phase, description, lock, cost, String(count)],
  ]);
  const statements = steps.map(({ up }, at) => `-- ${at + 1}\n${up.map((statement) => `${statement};`).join('\n')}`);
  const table = `${textTable([heading, ...rows])}\n\n${steps.length} steps from version ${baseVersion}.`;
  return sql ? `${table}\n\n${statements.join('\n')}` : table;
}

function blockersText({ blockers }: Plan): string {
  if (blockers.length === 0) return '';
  const lines = blockers.map(
    ({ pointer, detail, total, examples }) => `  ${pointer}: ${detail} ${total} found, e.g. ${examples.join(', ')}`,
  );
  return `This stands in the way:\n${lines.join('\n')}`;
}

export function conflictsText(conflicts: readonly DocumentConflict[]): string {
  const told = conflicts.map(({ kind, id, pointer, base, ours, theirs }) =>
    [`${kind} ${id} ${pointer}`, `  base    ${shown(base)}`, `  ours    ${shown(ours)}`, `  theirs  ${shown(theirs)}`].join('\n'),
  );
  const count = conflicts.length === 1 ? 'One place was' : `${conflicts.length} places were`;
  return `${count} changed both here (ours) and in the folder (theirs). Nothing was applied; --ours or --theirs decides.\n\n${told.join('\n')}`;
}

const shown = (value: unknown): string => (value === undefined ? '(not there)' : JSON.stringify(value));
