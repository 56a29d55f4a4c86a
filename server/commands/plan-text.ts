// A plan as text: its steps with lock, cost and rows, what speaks against it, what it touches, and the SQL both ways.
import { breakingChanges } from '../metadata/breaking.ts';
import { compareMetadata } from '../metadata/compare.ts';
import { differenceText } from '../metadata/compare-text.ts';
import { impactOf } from '../metadata/uses/impact.ts';
import { touchedBetween } from '../metadata/uses/touched-between.ts';
import type { Blocker } from '../versions/blockers.ts';
import type { FilesPlan } from '../versions/migrate.ts';
import type { Plan } from '../versions/request.ts';
import { breakingText } from './breaking.ts';
import { textTable } from './text-table.ts';

export function planText(plan: FilesPlan, options: { readonly sql: boolean }): string {
  const from = plan.baseVersion === 0 ? 'an empty schema' : `version ${plan.baseVersion}`;
  const told = [differencesText(plan), impactText(plan), clientsText(plan)].filter((part) => part !== '').join('\n\n');
  const behind = told === '' ? '' : `\n\n${told}`;
  if (plan.steps.length === 0) return `Nothing to do: the tables are as the metadata say (${from}).${behind}`;
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
  return `${textTable([heading, ...rows])}\n\n${summary}${blockersText(plan.blockers)}${behind}${sql}`;
}

function differencesText({ live, wanted }: FilesPlan): string {
  const text = live === undefined ? '' : differenceText(compareMetadata(live, wanted)).trimEnd();
  return text === '' ? '' : `What differs from the metadata in force:\n${text}`;
}

/** Longer lists are for the API, which gives them whole. */
const mostLines = 40;

function impactText({ live, wanted }: FilesPlan): string {
  const impact = live === undefined ? [] : impactOf(live, touchedBetween(live, wanted));
  if (impact.length === 0) return '';
  const lines = impact.slice(0, mostLines).map(({ effect, detail }) => `  ${effect.padEnd(9)}  ${detail}`);
  const more = impact.length > mostLines ? [`  … and ${impact.length - mostLines} more`] : [];
  return ['What uses what changes:', ...lines, ...more].join('\n');
}

function clientsText({ live, wanted }: FilesPlan): string {
  const found = live === undefined ? [] : breakingChanges(live, wanted);
  return found.length === 0 ? '' : `For clients of the API:\n${breakingText(found)}`;
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
