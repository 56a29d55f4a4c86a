// Formulas and roll-ups over the life of the metadata: worked out for records that are there, again when they change, and on the way back.
import { expect, test } from '@jest/globals';
import type { Registry } from '../../server/metadata/registry.ts';
import type { EntityMetadata } from '../../server/metadata/types.ts';
import { systemContext } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { driftOf, repairDrift } from '../../server/versions/computed-drift.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { servicesOf } from '../../server/versions/services.ts';
import { changedLedger, ledgerRegistry } from '../repository/support/ledger.ts';
import { freshDatabases } from './support/library-database.ts';

const computed = (field: { readonly type: string }): boolean => ['formula', 'rollup'].includes(field.type);

/** The ledger without anything that is worked out. */
const bare = (): Registry =>
  changedLedger((entities) =>
    entities.map((entity) => ({
      ...entity,
      display: { nameFields: ['name'] },
      validationRules: [],
      fields: Object.fromEntries(Object.entries(entity.fields).filter(([, field]) => !computed(field))),
    })),
  );
const ledger = ledgerRegistry();
const knex = freshDatabases(bare());
const signed = { kind: 'change', author: null, reason: null } as const;

async function change(wanted: Registry): Promise<void> {
  const { done } = await applyVersion({ ...servicesOf(knex(), ledger), timing: { batchRows: 3 } }, { wanted, ...signed });
  await done;
}
const repository = () => createRepository({ knex: knex(), hooks: [], onError: () => undefined });
const create = async (registry: Registry, entity: string, values: Record<string, unknown>) =>
  (await repository().create(systemContext(registry), entity, { name: entity, ...values })).id;
const row = async (table: string, id: string): Promise<Record<string, unknown>> =>
  (await knex()(`workshop.ws_${table}`).where({ id }).first()) as Record<string, unknown>;

async function seed(): Promise<{ readonly customers: string[]; readonly orders: string[]; readonly lines: string[] }> {
  const before = bare();
  const [customers, orders, lines]: string[][] = [[], [], []];
  for (let c = 0; c < 4; c++) customers?.push(await create(before, 'customers', {}));
  for (let o = 0; o < 8; o++)
    orders?.push(
      await create(before, 'orders', {
        customer_id: customers?.[o % 3],
        state: o % 2 === 0 ? 'paid' : 'open',
        due: `2026-01-0${o + 1}`,
      }),
    );
  for (let l = 0; l < 16; l++)
    lines?.push(await create(before, 'lines', { order_id: orders?.[l % 8], quantity: l, price: '2.5' }));
  return { customers: customers ?? [], orders: orders ?? [], lines: lines ?? [] };
}

test('what is added is worked out for the records that are there, in the order in which it builds on each other', async () => {
  const { customers, orders, lines } = await seed();
  await change(ledger);
  expect(await row('lines', lines[5] ?? '')).toMatchObject({ total: '12.5000' });
  expect(await row('orders', orders[0] ?? '')).toMatchObject({ lines_total: '20.0000', total: '20.0000' });
  // Orders 0, 3 and 6; paid are 0 and 6.
  expect(await row('customers', customers[0] ?? '')).toMatchObject({
    orders_count: 3,
    open_count: 1,
    turnover: '70.0000',
    first_due: '2026-01-01',
    last_due: '2026-01-07',
    rank: 'blue',
  });
  expect(await row('customers', customers[3] ?? '')).toMatchObject({
    orders_count: 0,
    turnover: '0.0000',
    average: null,
    rank: 'none',
  });
  expect(await driftOf({ ...servicesOf(knex(), ledger) }, ledger)).toEqual([]);
});

test('another filter or expression is worked out again with all that builds on it, and so is the way back', async () => {
  const { customers, lines } = await seed();
  await change(ledger);
  const other = changedLedger((entities) =>
    entities.map(
      (entity): EntityMetadata =>
        entity.name === 'lines'
          ? {
              ...entity,
              fields: { ...entity.fields, total: { ...entity.fields['total'], expression: 'quantity * price * 2' } as never },
            }
          : entity,
    ),
  );
  await change(other);
  expect(await row('lines', lines[5] ?? '')).toMatchObject({ total: '25.0000' });
  expect(await row('customers', customers[0] ?? '')).toMatchObject({ turnover: '140.0000' });
  expect(await driftOf(servicesOf(knex(), other), other)).toEqual([]);
  await rollback(knex(), ledger);
  expect(await row('customers', customers[0] ?? '')).toMatchObject({ turnover: '70.0000' });
  expect(await driftOf(servicesOf(knex(), ledger), ledger)).toEqual([]);
});

test('a field that another name takes is not worked out again', async () => {
  await seed();
  await change(ledger);
  const when = async () =>
    (await knex()('workshop.ws_meta_computed').where({ field: 'fld_lines_total' }).first('worked_out_at'))?.worked_out_at as Date;
  const before = await when();
  await change(
    changedLedger((entities) =>
      entities.map((entity): EntityMetadata => {
        if (entity.name !== 'lines') return entity;
        const { price, ...fields } = entity.fields;
        return {
          ...entity,
          fields: {
            ...fields,
            unit_price: price as never,
            total: { ...fields['total'], expression: 'quantity * unit_price' } as never,
          },
        };
      }),
    ),
  );
  expect(await when()).toEqual(before);
});

test('what was written past the engine is found, record by record, and repaired', async () => {
  const { customers, lines } = await seed();
  await change(ledger);
  await knex().raw(`UPDATE workshop.ws_lines SET quantity = 100 WHERE id = ?`, [lines[0] ?? '']);
  await knex().raw(`UPDATE workshop.ws_customers SET orders_count = 99, turnover = 1 WHERE id = ?`, [customers[1] ?? '']);
  const services = servicesOf(knex(), ledger);
  const found = await driftOf(services, ledger);
  expect(found.map(({ entity, field, total, examples }) => [entity, field, total, examples])).toEqual([
    ['customers', 'orders_count', 1, [customers[1]]],
    ['lines', 'total', 1, [lines[0]]],
    ['customers', 'turnover', 1, [customers[1]]],
  ]);
  const repaired = await repairDrift(services, ledger);
  expect(repaired.map(({ entity, field, changed }) => [entity, field, changed])).toEqual(
    expect.arrayContaining([
      ['lines', 'total', 1],
      ['orders', 'lines_total', 1],
      ['orders', 'total', 1],
      ['customers', 'orders_count', 1],
    ]),
  );
  expect(await driftOf(services, ledger)).toEqual([]);
});
