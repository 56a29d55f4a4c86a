// A formula has one value: what memory says of a record, PostgreSQL says of its row.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import pg from 'pg';
import { sqlTypes } from '../../server/conditions/sql.ts';
import { checkFormula } from '../../server/formulas/check.ts';
import { evaluateFormula } from '../../server/formulas/evaluate.ts';
import { type FormulaKind, type FormulaValue, formulaColumn, formulaKind, formulaValue } from '../../server/formulas/kinds.ts';
import { formulaSql } from '../../server/formulas/sql.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { fieldKinds, randomFormula, randomRecord } from './random-formulas.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`SET TimeZone = 'UTC'; SET extra_float_digits = 1`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const scope = {
  kindOf: (path: string) => {
    const kind = fieldKinds[path];
    return kind === undefined ? undefined : (formulaKind(kind) ?? null);
  },
  names: Object.keys(fieldKinds),
};

const shown = (value: FormulaValue): unknown => {
  if (value === null) return null;
  if (value instanceof Big) return value.eq(0) ? '0' : value.toFixed();
  return Array.isArray(value) ? [...value] : value;
};

/** As text that both sides write alike. */
function rendered(sql: string, kind: FormulaKind): string {
  if (kind === 'number') return `trim_scale(${sql})::text`;
  if (kind === 'date') return `to_char(${sql}, 'YYYY-MM-DD')`;
  if (kind === 'dateTime') return `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return sql;
}

const kinds: readonly FormulaKind[] = ['number', 'text', 'boolean', 'date', 'dateTime'];

test.each(kinds)('a random formula of kind %s', async (kind) => {
  const formulas = fc.array(randomFormula(kind, 3), { minLength: 20, maxLength: 20 });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(formulas, randomRecord, async (texts, record) => {
      const columns = Object.entries(fieldKinds).map(([name, valueKind], at) => `$${at + 1}::${sqlTypes[valueKind]} AS ${name}`);
      const checked = texts.map((text) => {
        const result = checkFormula(text, scope);
        if ('issue' in result) throw new Error(`${text}: ${result.issue.detail}`);
        return result.formula;
      });
      const read = (path: string): FormulaValue => formulaValue(record[path], fieldKinds[path] ?? 'text');
      const list = checked.map((formula, at) => {
        const sql = formulaSql(formula, (path) => formulaColumn(`r.${path}`, fieldKinds[path] ?? 'text'));
        return `${rendered(sql, formula.kind)} AS f${at}`;
      });
      const { rows } = await client.query(
        `SELECT ${list.join(', ')} FROM (SELECT ${columns.join(', ')}) r`,
        Object.keys(fieldKinds).map((name) => record[name]),
      );
      for (const [at, formula] of checked.entries()) {
        compared += 1;
        const value = shown(evaluateFormula(formula, read));
        if (JSON.stringify(value) !== JSON.stringify(rows[0][`f${at}`]))
          throw new Error(
            `${texts[at]} on ${JSON.stringify(record)}: ${JSON.stringify(value)} in memory, ${JSON.stringify(rows[0][`f${at}`])} in SQL`,
          );
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
  expect(compared).toBeGreaterThanOrEqual(1200);
});
