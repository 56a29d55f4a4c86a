// A plan as text: its steps with lock, cost and rows, what speaks against it, and the SQL both ways.
import type { Blocker } from '../versions/blockers.ts';
import type { Plan } from '../versions/request.ts';
import { textTable } from './text-table.ts';

export function planText(plan: Plan, options: { readonly sql: boolean }): string {
  const from = plan.baseVersion === 0 ? 'an empty schema' : `version ${plan.baseVersion}`;
  if (plan.steps.length === 0) return `Nothing to do: the tables are as the metadata say (${from}).`;
  const heading = ['#', 'step', 'what', 'lock', 'cost', 'rows', 'by'];
  const rows = plan.steps.map((step, index) => [
    String(index + 1),
    step.kind,
    step.description,
    step.lock,
    step.cost,
    String(step.rows),
    step.additive ? 'start' : 'migrate',
  ]);
  const additive = plan.steps.filter((step) => step.additive).length;
  const summary = `${plan.steps.length} steps from ${from}; start applies ${additive} of them by itself, migrate all.`;
  const sql = options.sql ? `\n\n${plan.steps.map(sqlText).join('\n\n')}` : '';
  return `${textTable([heading, ...rows])}\n\n${summary}${blockersText(plan.blockers)}${sql}`;
}

function sqlText(step: Plan['steps'][number], index: number): string {
  const lines = (statements: readonly string[]): string =>
    statements.length === 0
      ? '   (nothing)'
      : statements.map((statement) => `   ${statement.replaceAll('\n', '\n   ')};`).join('\n');
  return `-- ${index + 1}. ${step.description}\n-- up\n${lines(step.up)}\n-- down\n${lines(step.down)}`;
}

function blockersText(blockers: readonly Blocker[]): string {
  if (blockers.length === 0) return '';
  const lines = blockers.map(
    ({ pointer, detail, total, examples }) => `  ${pointer}: ${detail} ${total} found, e.g. ${examples.join(', ')}`,
  );
  return `\n\nThis stands in the way:\n${lines.join('\n')}`;
}
