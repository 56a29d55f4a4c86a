// The matrix over arrays of records, exports and searches.
import { type Cell, idsIn, nameOf, plainStatus } from './cell.ts';
import { makings } from './makings.ts';
import { entityFile } from './metadata.ts';
import { createStatus, entityStatus, exported, type Facts, listed, open, recordStatus } from './oracle.ts';
import { linksOf, parentOf, plainValues, type Seed } from './records.ts';
import { delegated, successOf } from './rest-cases.ts';
import { groupWord } from './seeds.ts';

/** All that may be made in one array; each of the others beside one that may, which then is not made either. */
export async function bulkCases(cell: Cell): Promise<void> {
  const { entity } = cell;
  const all = await makings(cell);
  const good = all.filter(({ expected }) => expected === 200 && !delegated(entity));
  const spare = (await makings(cell)).find(({ expected }) => expected === 200 && !delegated(entity));
  if (good.length > 0) {
    const answer = await cell.ask('POST', `/${entity}`, { body: good.map(({ input }) => input) });
    const rows = (answer.body['data'] ?? []) as unknown as unknown[];
    for (const [at, { kind, referred }] of good.entries()) {
      cell.check('bulk', 'create', kind, [plainStatus(answer.status), rows[at] !== undefined], [200, true]);
      referred(1);
    }
  }
  for (const { kind, input, expected } of all.filter((making) => !good.includes(making))) {
    const { status } = await cell.ask('POST', `/${entity}`, { body: [...(spare === undefined ? [] : [spare.input]), input] });
    cell.check('bulk', 'create', kind, status, successOf(entity, 'create', expected));
  }
  // What was refused beside another has left nothing: the other can still be made, with whatever it has that is unique.
  if (spare !== undefined) {
    const { status } = await cell.ask('POST', `/${entity}`, { body: [spare.input] });
    cell.check('bulk', 'create', 'spare', plainStatus(status), 200);
    spare.referred(1);
  }
  for (const seed of cell.seeds) await upsertCase(cell, seed);
}

/** A record that may not be seen is not found by its external id: it is in the way of a new one, unless it is deleted. */
async function upsertCase(cell: Cell, seed: Seed): Promise<void> {
  const { caller, entity } = cell;
  const { features, ownership } = entityFile(entity);
  const references = await linksOf(cell.world, entity, false);
  const [, parentField = '', parentType] = parentOf[entity] ?? [];
  const parent = seed.parent as Seed | undefined;
  const input = {
    ...plainValues(entity, false),
    ...Object.fromEntries(references.map(([field, { id }]) => [field, id])),
    ...(parent === undefined
      ? {}
      : { [parentField]: parent.id, ...(parentType === undefined ? {} : { [parentType]: parent.entity }) }),
    external_id: seed.externalId,
  };
  const { status } = await cell.ask('POST', `/${entity}?onConflict=external_id`, { body: [input] });
  cell.check('bulk', 'upsert', seed.kind, plainStatus(status), expected());
  if (status === 201 && parent !== undefined) parent.references += 1;

  function expected(): number {
    const may = entityStatus(caller, entity, 'create');
    if (may !== 200) return may;
    if (features?.import !== true) return 400;
    if (listed(caller, seed, false)) return recordStatus(caller, 'update', seed);
    const owner = ownership?.owner === undefined && entity === 'users' ? seed.owner : caller.id;
    const wanted: Facts = { entity, owner, team: null, shares: [], deleted: false, parent, values: {} };
    const facts = [...references.map(([, record]) => record), ...(parent === undefined ? [] : [parent])];
    const made = createStatus(caller, wanted, facts);
    return seed.deleted || made === 422 ? made : 409;
  }
}

export async function exportCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds, world } = cell;
  const known = world.allOf(entity);
  const right = entityStatus(caller, entity, 'export');
  const expected = known.filter((seed) => right === 200 && exported(caller, seed));
  const answer = await cell.ask('GET', `/${entity}/export?format=ndjson`);
  const text = typeof answer.body === 'string' ? String(answer.body) : '';
  const rows =
    answer.status === 200
      ? text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : [];
  cell.check('export', 'ndjson', 'all', [answer.status, idsIn(rows, known)], [right, expected.map(nameOf)]);
  for (const seed of seeds) cell.check('export', 'ndjson', seed.kind, idsIn(rows, [seed]).length === 1, expected.includes(seed));
  const csv = await cell.ask('GET', `/${entity}/export?format=csv`);
  for (const seed of seeds) {
    const shown = csv.status === 200 && String(csv.body).includes(`\n${seed.id},`);
    cell.check('export', 'csv', seed.kind, [csv.status, shown], [right, expected.includes(seed)]);
  }
}

export async function searchCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds } = cell;
  const searchable = entityFile(entity).search !== undefined;
  const q = groupWord(entity, caller.role);
  const visible = open(caller.role, entity);
  const found = (seed: Seed): boolean => searchable && listed(caller, seed, false);
  const list = visible ? (searchable ? 200 : 400) : 404;
  for (const [operation, path, status] of [
    ['q=', `/${entity}?q=${q}&limit=200`, list],
    ['one entity', `/search?q=${q}&entities=${entity}&limit=50`, visible && searchable ? 200 : 400],
    ['everything', `/search?q=${q}&limit=50`, 200],
  ] as const) {
    const answer = await cell.ask('GET', path);
    const rows = answer.body['data'] ?? [];
    for (const seed of seeds)
      cell.check('search', operation, seed.kind, [answer.status, idsIn(rows, [seed]).length === 1], [status, found(seed)]);
  }
}
