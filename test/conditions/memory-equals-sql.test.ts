// The in-memory test and the SQL of a condition give the same answer, on a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { operators } from '../../server/conditions/operators.ts';
import { fold, foldSql } from '../../server/conditions/order.ts';
import { conditionSql, type SqlScope, sqlTypes } from '../../server/conditions/sql.ts';
import { type FactSource, testCondition } from '../../server/conditions/test.ts';
import type { Condition } from '../../server/conditions/tree.ts';
import type { ValueKind } from '../../server/conditions/value-kind.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { fields, type Row, row, tree } from './random-conditions.ts';

const names = Object.keys(fields);
const kindOf = (fact: string): ValueKind | undefined => fields[fact];
const source = (record: Row): FactSource => ({ facts: (fact) => record[fact], kindOf });

/** `$1 …` placeholders, with the values collected beside. */
function scopeOver(table: string, bindings: unknown[], depth = 0): SqlScope {
  return {
    column: (fact) => ({ sql: `${table}."${fact}"`, kind: fields[fact] as ValueKind }),
    bind: (value) => `$${bindings.push(value)}`,
    exists: (relation, where) => {
      const alias = `r${depth}`;
      const inner = where === undefined ? '' : ` AND (${where(scopeOver(alias, bindings, depth + 1))})`;
      return `EXISTS (SELECT FROM ${relation} ${alias} WHERE ${alias}.parent_n = ${table}.n${inner})`;
    },
  };
}

const bound = (record: Row): unknown[] =>
  names.map((name) => (fields[name] === 'json' && record[name] !== null ? JSON.stringify(record[name]) : record[name]));

describe('a condition', () => {
  let database: TestDatabase;
  let connection: pg.Client;
  let run: (sql: string, values: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

  beforeAll(async () => {
    database = await testDatabase();
    connection = new pg.Client({ connectionString: database.url });
    await connection.connect();
    run = async (sql, values) => (await connection.query(sql, [...values])).rows;
    const columns = names.map((name) => `"${name}" ${sqlTypes[fields[name] as ValueKind]}`).join(', ');
    await run(`CREATE TEMP TABLE records (n int, parent_n int, ${columns})`, []);
    await run(`CREATE TEMP TABLE children (n int, parent_n int, ${columns})`, []);
  });
  afterAll(async () => {
    await connection.end();
    await database.drop();
  });

  const insert = async (table: string, n: number, parent: number, record: Row): Promise<void> => {
    const places = names.map((_, at) => `$${at + 3}`).join(', ');
    await run(`INSERT INTO ${table} VALUES ($1, $2, ${places})`, [n, parent, ...bound(record)]);
  };
  const matching = async (condition: Condition): Promise<number[]> => {
    const values: unknown[] = [];
    const where = conditionSql(condition, scopeOver('records', values));
    return (await run(`SELECT n FROM records WHERE ${where} ORDER BY n`, values)).map(({ n }) => Number(n));
  };

  test('selects the same records in memory and in PostgreSQL, nested, negated and between fields', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.array(tree(names, { facts: 'any' }), { minLength: 12, maxLength: 12 }),
        async (rows, conditions) => {
          await run('TRUNCATE records', []);
          for (const [n, record] of rows.entries()) await insert('records', n, 0, record);
          for (const condition of conditions) {
            const expected = rows.flatMap((record, n) => (testCondition(condition, source(record).facts, kindOf) ? [n] : []));
            expect({ condition, found: await matching(condition) }).toEqual({ condition, found: expected });
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  test('quantifies over related records alike', async () => {
    const children = fc.array(row, { maxLength: 3 });
    const parents = fc.array(fc.tuple(row, children), { minLength: 1, maxLength: 3 });
    const conditions = fc.array(tree(names, { facts: 'any', relation: 'children' }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(parents, conditions, async (families, trees) => {
        await run('TRUNCATE records, children', []);
        for (const [n, [record, others]] of families.entries()) {
          await insert('records', n, 0, record);
          for (const child of others) await insert('children', 0, n, child);
        }
        for (const condition of trees) {
          const expected = families.flatMap(([record, others], n) =>
            testCondition(condition, source(record).facts, kindOf, () => others.map(source)) ? [n] : [],
          );
          expect({ condition, found: await matching(condition) }).toEqual({ condition, found: expected });
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each(operators.map((operator) => [operator.name, operator] as const))(
    '%s gives no error for any operand whatsoever',
    async (name, operator) => {
      await run('TRUNCATE records', []);
      await insert('records', 0, 0, Object.fromEntries(names.map((field) => [field, null])));
      const operands = [
        null,
        '',
        'x',
        '\0',
        '\ud800',
        1.5,
        1e300,
        true,
        [],
        ['x', null],
        [[]],
        {},
        { fact: 'name' },
        { fact: 'tags' },
      ];
      for (const fact of names.filter((field) => operator.kinds.includes(fields[field] as ValueKind))) {
        for (const value of operands) {
          const condition = { fact, operator: name, value } as unknown as Condition;
          const expected = testCondition(condition, () => null, kindOf) ? [0] : [];
          expect({ fact, value, found: await matching(condition) }).toEqual({ fact, value, found: expected });
        }
      }
    },
  );

  test('folds the case of every letter that both Unicode versions know', async () => {
    const letters: string[] = [];
    for (let code = 1; code <= 0x10ffff; code++) {
      const letter = String.fromCodePoint(code);
      if (/\p{L}/u.test(letter) && (letter !== letter.toLowerCase() || letter !== letter.toUpperCase())) letters.push(letter);
    }
    // An ICU older than a letter takes it for one without case.
    const known = 'lower(letter COLLATE "und-x-icu") <> letter OR upper(letter COLLATE "und-x-icu") <> letter';
    const rows = await run(`SELECT letter, ${foldSql('letter')} folded FROM unnest($1::text[]) letter WHERE ${known}`, [letters]);
    expect(rows.length).toBeGreaterThan(2500);
    expect(rows.filter(({ letter, folded }) => fold(String(letter)) !== folded)).toEqual([]);
  });

  test('uses an index for positive comparisons and for membership', async () => {
    await run('TRUNCATE records', []);
    await run('CREATE INDEX ON records (name)', []);
    await run('CREATE INDEX ON records (amount)', []);
    await run('CREATE INDEX ON records (owner_id)', []);
    await run('SET enable_seqscan = off', []);
    const owner = '01890000-0000-7000-8000-000000000001';
    for (const condition of [
      { fact: 'name', operator: 'equal', value: 'x' },
      { fact: 'amount', operator: 'between', value: ['1', '2'] },
      { fact: 'owner_id', operator: 'in', value: [owner, owner] },
    ]) {
      const values: unknown[] = [];
      const plan = await run(
        `EXPLAIN SELECT n FROM records WHERE ${conditionSql(condition, scopeOver('records', values))}`,
        values,
      );
      expect(JSON.stringify(plan)).toMatch(/Index (Only )?(Scan|Cond)/);
    }
  });
});
