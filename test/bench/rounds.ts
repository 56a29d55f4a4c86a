// Runs cases in turns, so that whatever else the machine does meets all of them alike, and tells their times as ratios.
export interface Case {
  /** Cases of one name are compared with each other. */
  readonly name: string;
  readonly variant: string;
  readonly run: () => Promise<unknown>;
}

export interface Timed extends Omit<Case, 'run'> {
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
}

/** Each case once a round, after a tenth of the rounds that count for nothing. */
export async function rounds(cases: readonly Case[], count: number): Promise<readonly Timed[]> {
  const times = cases.map((): number[] => []);
  const warm = Math.ceil(count / 10);
  for (let round = 0; round < warm + count; round += 1) {
    for (const [at, { run }] of cases.entries()) {
      const began = performance.now();
      await run();
      if (round >= warm) times[at]?.push(performance.now() - began);
    }
  }
  return cases.map(({ name, variant }, at) => ({ name, variant, times: (times[at] ?? []).sort((a, b) => a - b) }));
}

const at = (times: readonly number[], share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;

/** A Markdown table; the ratios are to the variant `baseline` of the same name. */
export function printed(timed: readonly Timed[], baseline: string): string {
  const lines = timed.map(({ name, variant, times }) => {
    const base = timed.find((other) => other.name === name && other.variant === baseline)?.times ?? [];
    const cells = [0.5, 0.99].flatMap((share) => [
      `${at(times, share).toFixed(2)} ms`,
      `× ${(at(times, share) / at(base, share)).toFixed(2)}`,
    ]);
    return `| ${[name, variant, ...cells].join(' | ')} |`;
  });
  return ['| list | rights | p50 | | p99 | |', '|---|---|--:|--:|--:|--:|', ...lines].join('\n');
}
