// kill -9 in the middle of a few kinds of change; every kind at every line of the journal is `npm run faults -- kill-change`.
import { expect, test } from '@jest/globals';
import { serverUrl } from '../support/database.ts';
import { killChange } from './kill-change.ts';
import { kinds } from './kinds.ts';

test('a change whose server is killed is applied as a whole or not at all after the next start, and the data are whole', async () => {
  const killed = await killChange({
    serverUrl: serverUrl(),
    kinds: kinds.filter(({ small }) => small),
    rows: 3000,
    // Early and late in the long ones, in the middle of the short ones.
    moments: (lines) => (lines > 20 ? [2, Math.ceil((lines * 2) / 3)] : [Math.ceil(lines / 2)]),
    say: (line) => process.stdout.write(`${line}\n`),
  });
  expect(killed.flatMap(({ kind, line, wrong }) => wrong.map((what) => `${kind}, line ${line}: ${what}`))).toEqual([]);
  expect(killed.length).toBeGreaterThanOrEqual(6);
  expect(new Set(killed.map(({ outcome }) => outcome))).toContain('applied');
}, 600_000);
