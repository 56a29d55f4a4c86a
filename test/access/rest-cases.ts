// The matrix over REST: reading, listing, changing, deleting, restoring, purging and making records one by one.
import { type Cell, idsIn, nameOf, plainStatus } from './cell.ts';
import { type Making, makings } from './makings.ts';
import { entityFile } from './metadata.ts';
import { entityStatus, levelOf, listed, open, recordStatus } from './oracle.ts';
import { patchOf, type Seed } from './records.ts';

/** Records of the entity are carried through as changes of the metadata: who may write them is told without writing any. */
export const delegated = (entity: string): boolean => entity === 'custom_fields' || entity === 'workflows';

/** What leads to records that the caller may read some of. */
function includes({ caller, entity }: Cell): string {
  const relations = Object.entries(entityFile(entity).relations ?? {});
  const targets = relations.flatMap(([name, { kind, entity: target = '', through = target }]) =>
    kind === 'belongsToAny' || (open(caller.role, target) && open(caller.role, through)) ? [name] : [],
  );
  return [...targets, 'creator', 'updater'].join(',');
}

export async function readCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds, world } = cell;
  const include = open(caller.role, entity) ? `include=${includes(cell)}` : '';
  for (const seed of seeds) {
    const { status } = await cell.ask('GET', `/${entity}/${seed.id}`, {}, cell.who(seed));
    cell.check('REST', 'read', seed.kind, status, recordStatus(cell.who(seed), 'read', seed));
  }
  for (const deleted of [false, true]) {
    const known = world.allOf(entity);
    const answer = await everyPage(cell, `/${entity}?${include}&limit=200&sort=id${deleted ? '&deleted=only' : ''}`);
    const status = entityStatus(caller, entity, 'read');
    const right = deleted && status === 200 && levelOf(caller.role, entity, 'restore') === 'none' ? 403 : status;
    const expected = known.filter((seed) => right === 200 && listed(caller, seed, deleted)).map(nameOf);
    const operation = deleted ? 'list deleted' : 'list';
    // Of all records of the entity, those of the other roles' users as well.
    cell.check('REST', operation, 'all', [answer.status, answer.ids(known)], [right, expected]);
    for (const seed of seeds) {
      const shown = answer.ids([seed]).length === 1;
      cell.check('REST', operation, seed.kind, shown, right === 200 && listed(caller, seed, deleted));
    }
  }
}

async function everyPage(cell: Cell, path: string) {
  const rows: unknown[] = [];
  let status = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const answer = await cell.ask('GET', `${path}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
    status = answer.status;
    rows.push(...((answer.body['data'] ?? []) as unknown as unknown[]));
    after = (answer.body['page']?.['next'] as string | null | undefined) ?? undefined;
  }
  return { status, ids: (known: readonly Seed[]) => idsIn(rows, known) };
}

type Act = 'update' | 'delete' | 'restore' | 'purge';

const requests: Readonly<Record<Act, (path: string, entity: string) => [string, string, object]>> = {
  update: (path, entity) => ['PATCH', path, { body: patchOf(entity) }],
  delete: (path, entity) => ['DELETE', path, delegated(entity) ? { headers: { 'If-Match': '"999"' } } : {}],
  restore: (path) => ['POST', `${path}/restore`, {}],
  purge: (path) => ['DELETE', `${path}?purge=true`, {}],
};

export async function writeCases(cell: Cell): Promise<void> {
  for (const act of ['update', 'delete', 'restore'] as const) for (const seed of cell.seeds) await writeCase(cell, act, seed);
  for (const making of await makings(cell)) await makeCase(cell, making);
}

async function writeCase(cell: Cell, act: Act, seed: Seed): Promise<void> {
  const { entity } = cell;
  const who = cell.who(seed);
  const expected = recordStatus(who, act, seed);
  const [method, path, options] = requests[act](`/${entity}/${seed.id}`, entity);
  const answer = await cell.ask(method, path, options, who);
  cell.check('REST', act, seed.kind, plainStatus(answer.status), successOf(entity, act, expected));
  if (answer.status < 300) await cell.undo(seed, act);
}

/** Whoever may write what stands for metadata gets as far as a version, a definition or metadata that are not there. */
export function successOf(entity: string, act: string, status: number): number {
  if (status !== 200 || !delegated(entity) || (entity === 'custom_fields' && act === 'update')) return status;
  return { create: 422, delete: 412 }[act] ?? 409;
}

async function makeCase(cell: Cell, { kind, input, expected, referred }: Making): Promise<void> {
  const answer = await cell.ask('POST', `/${cell.entity}`, { body: input });
  cell.check('REST', 'create', kind, plainStatus(answer.status), successOf(cell.entity, 'create', expected));
  if (answer.status < 300) referred(1);
}

/** What refers to a record keeps it. */
export async function purgeCases(cell: Cell): Promise<void> {
  for (const seed of cell.seeds) {
    const who = cell.who(seed);
    const expected = recordStatus(who, 'purge', seed);
    const [method, path, options] = requests.purge(`/${cell.entity}/${seed.id}`, cell.entity);
    const answer = await cell.ask(method, path, options, who);
    cell.check('REST', 'purge', seed.kind, plainStatus(answer.status), expected === 200 && seed.references > 0 ? 409 : expected);
    if (answer.status < 300 && seed.parent !== undefined) (seed.parent as Seed).references -= 1;
  }
}
