// The table of changes of a live change, and whether everything held.
import type { LiveResult } from './live-change.ts';
import type { Made } from './make-change.ts';
import { quantile, type Sample } from './open-loop.ts';

/** What did not hold, a sentence each; empty: everything did. Times are printed, never judged. */
export function brokenInvariants(result: LiveResult): readonly string[] {
  const { broken, failures, mixed, lost, untouched, logged } = result;
  return [
    ...(broken === undefined ? [] : [broken]),
    ...several('failed requests', failures),
    ...several('answers that agree with no one version', mixed),
    ...several('acknowledged writes that are not there', lost),
    ...several('errors in the logs of the servers', logged),
    ...(untouched ? [] : ['rows that nobody wrote to have changed']),
  ];
}

const several = (what: string, examples: readonly string[]): readonly string[] =>
  examples.length === 0 ? [] : [`${examples.length} ${what}:\n    ${[...new Set(examples)].slice(0, 10).join('\n    ')}`];

const columns: readonly (readonly [title: string, (made: Made) => string])[] = [
  ['change', ({ kind }) => kind],
  ['node', ({ node }) => node],
  ['total ms', ({ ms }) => ms.toFixed(0)],
  ['longest lock ms', ({ lockMs }) => (lockMs === undefined ? '< 5' : Math.max(5, lockMs).toFixed(0))],
  ['longest wait for it ms', ({ awaitedMs }) => (awaitedMs === undefined ? '–' : Math.max(5, awaitedMs).toFixed(0))],
  ['all nodes after ms', ({ convergedMs }) => convergedMs.toFixed(0)],
  ['read p99', ({ readP99 }) => readP99.toFixed(0)],
  ['write p99', ({ writeP99 }) => writeP99.toFixed(0)],
  ['failed', ({ failed }) => String(failed)],
];

/** As Markdown, so that it can stand in the documentation as it is. */
export function reportText(result: LiveResult): string {
  const rows = [columns.map(([title]) => title), ...result.made.map((made) => columns.map(([, cell]) => cell(made)))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head = [], ...body] = rows;
  const converged = Math.max(0, ...result.made.map(({ convergedMs }) => convergedMs));
  return [
    line(head),
    rule,
    ...body.map(line),
    '',
    latencies('reads', result.samples, 'read'),
    latencies('writes', result.samples, 'write'),
    `${result.samples.length} requests, ${result.failures.length} failed; ${result.acknowledged} acknowledged writes, ${result.lost.length} lost; ` +
      `${result.shapes} different shapes of records, ${result.mixed.length} of no one version; slowest convergence ${converged.toFixed(0)} ms`,
  ].join('\n');
}

function latencies(title: string, samples: readonly Sample[], kind: Sample['kind']): string {
  const values = samples.filter((sample) => sample.kind === kind).map(({ ms }) => ms);
  const at = (share: number): string => quantile(values, share).toFixed(1);
  return `${title}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${values.length})`;
}
