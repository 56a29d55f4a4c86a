// Every role on every record of every entity, by every path: answered as the role files say, and nothing that is closed in any answer.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { Canaries } from './canaries.ts';
import { Cell, Tally } from './cell.ts';
import { bulkCases, exportCases, searchCases } from './file-cases.ts';
import { graphqlReadCases, graphqlWriteCases } from './graphql-cases.ts';
import { graphqlNestedCases } from './graphql-nested.ts';
import { gadgets } from './metadata.ts';
import { settlePeople } from './people.ts';
import { delegated, purgeCases, readCases, writeCases } from './rest-cases.ts';
import { entityOrder, seedWorld, type World } from './seeds.ts';

let app: TestApp;
let world: World;
const canaries = new Canaries();
const tally = new Tally();

/** An entity made at run time, as a builder would make it. */
async function addGadgets(): Promise<void> {
  const { custom: _custom, ...entity } = gadgets;
  const label = (en: string) => ({ en, ar: en });
  const fields = Object.entries(entity.fields).map(([name, field]) => [name, { ...field, label: label(name) }] as const);
  const more = {
    plural: entity.name,
    label: { en: { one: 'Gadget', other: 'Gadgets' }, ar: { one: 'Gadget', other: 'Gadgets' } },
    display: { nameFields: ['name'] },
    features: { import: true, export: true },
    fields: Object.fromEntries(fields),
  };
  const { status, body } = await app.request('POST', '/meta/apply', {
    body: { changes: [{ op: 'addEntity', entity: { ...entity, ...more } }] },
  });
  expect([status, body['errors']]).toEqual([200, undefined]);
}

const told = (what: string): void => {
  process.stdout.write(`${what}\n`);
};

beforeAll(async () => {
  app = await startTestApp({ live: true, stranger: false });
  await addGadgets();
  world = await seedWorld(app, await settlePeople(app), canaries);
}, 900_000);
afterAll(() => app.stop());

/** The cells of each role one after the other, the roles side by side. */
async function everyCell(order: readonly string[], work: (cell: Cell) => Promise<void>): Promise<void> {
  await Promise.all(
    world.people.callers.map(async (caller) => {
      for (const entity of order.filter((name) => (process.env['ONLY'] ?? name).split(',').includes(name)))
        await work(new Cell(world, tally, caller, entity, entityOrder.indexOf(entity)));
    }),
  );
}

describe('every role on every record by every path', () => {
  test('reads', async () => {
    await everyCell(entityOrder, async (cell) => {
      for (const cases of [readCases, graphqlReadCases, graphqlNestedCases, exportCases, searchCases]) await cases(cell);
    });
  }, 900_000);

  test('writes', async () => {
    const write = async (cell: Cell): Promise<void> => {
      for (const cases of [writeCases, graphqlWriteCases, bulkCases]) await cases(cell);
    };
    await everyCell(
      entityOrder.filter((entity) => !delegated(entity)),
      write,
    );

    // One change of the metadata at a time.
    for (const caller of world.people.callers)
      for (const entity of entityOrder.filter(delegated)) await write(new Cell(world, tally, caller, entity, 0));
  }, 900_000);

  test('purges, children first', async () => {
    await everyCell([...entityOrder].reverse(), purgeCases);
  }, 900_000);

  test('is answered as the role files say', () => {
    told(tally.line);
    expect(tally.wrong.slice(0, 100)).toEqual([]);
  });

  test('no answer has anything of what is closed to its caller', () => {
    told(`${canaries.answers} answers looked through for ${canaries.planted} canaries`);
    expect(canaries.leaks.slice(0, 100)).toEqual([]);
  });
});
