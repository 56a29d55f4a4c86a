// Failures that mean: the tables have moved on from the registry that was used. The newest publication is then asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from '../metadata/registry.ts';
import { sqlState } from './transaction.ts';

/** The registry that this process serves, and how it gets a newer one. */
export interface RegistrySource {
  current(): Registry;
  /** Loads the newest publication; true: a newer registry is served now. Absent: nothing is published to this process. */
  refresh?(): Promise<boolean>;
}

/**
 * States that only a statement can have that was made for other tables (PostgreSQL, appendix A): undefined column, table
 * and function, a plan whose result changed, values of another type than the column's. Input is bound, never part of the text.
 */
const certain: ReadonlySet<string> = new Set(['42703', '42P01', '42883', '0A000', '42804', '42846', '42P18', '42725']);
/** States that a value for a column of another type, or a rule that came since, can have; but other things as well. */
const possible: ReadonlySet<string> = new Set(['22P02', '22003', '22007', '22008', '23502', '23514']);

/** Whether the failure is a sign of an older registry; undefined: it has nothing to do with it. */
export function outdatedSign(error: unknown): 'certain' | 'possible' | undefined {
  const state = sqlState(error) ?? '';
  return certain.has(state) ? 'certain' : possible.has(state) ? 'possible' : undefined;
}

const pollMs = 100;
const longestWaitMs = 2_000;

/**
 * The registry to do the failed work again with; undefined when there is no newer one than the one that was used. After a
 * certain sign it is waited for: its publication may be about to commit.
 */
export async function newerRegistry(source: RegistrySource, used: Registry, error: unknown): Promise<Registry | undefined> {
  const sign = outdatedSign(error);
  if (sign === undefined) return undefined;
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    // Also where another one is served already: the tables may be further than that one, too.
    await source.refresh?.().catch(() => false);
    if (source.current() !== used) return source.current();
    if (source.refresh === undefined || sign === 'possible' || performance.now() > deadline) return undefined;
    await sleep(pollMs);
  }
}
