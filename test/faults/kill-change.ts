// Kills a server in the middle of changing the metadata and starts it again: the change is there as a whole, or not at all.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import pg from 'pg';
import { connect } from '../../server/database/pool.ts';
import { packageRoot } from '../../server/package-root.ts';
import { fillTable } from './fill.ts';
import { setGate } from './gate.ts';
import { foundation, foundationValues, type Kind } from './kinds.ts';
import { type Cluster, cluster, type Node } from './nodes.ts';
import { leftovers, type State, stateOf } from './state.ts';

export interface KillOptions {
  /** Any database of the server, for making others beside it. */
  readonly serverUrl: string;
  readonly kinds: readonly Kind[];
  readonly rows: number;
  /** Which lines of the journal, of so many that the change writes, the server is killed at. */
  readonly moments: (lines: number) => readonly number[];
  readonly say: (line: string) => void;
}

export interface Killed {
  readonly kind: string;
  readonly line: number;
  readonly of: number;
  readonly outcome: 'applied' | 'not applied';
  /** From the new start until everything was settled. */
  readonly ms: number;
  /** What is wrong, a sentence each. */
  readonly wrong: readonly string[];
}

const naming = { schema: 'library', prefix: 'lib_' };
const basePath = '/library/v1';
const variables = {
  FORMWORK_METADATA_DIR: join(packageRoot(), 'test', 'fixtures', 'library'),
  FORMWORK_WORKERS: '1',
};
/** Where nobody is killed a worker has nothing to do. */
const alone = { FORMWORK_WORKERS: '0' };

export async function killChange(options: KillOptions): Promise<readonly Killed[]> {
  const databases = databasesOn(options.serverUrl);
  try {
    const template = await databases.create();
    await prepare(databases.url(template), options.rows);
    const killed: Killed[] = [];
    for (const kind of options.kinds) {
      const whole = await applyWhole(databases, template, kind);
      for (const line of options.moments(whole.lines)) {
        killed.push(await killAt(databases, template, kind, line, whole));
        options.say(describe(killed.at(-1)));
      }
    }
    return killed;
  } finally {
    await databases.remove();
  }
}

/** The library with the fields that the kinds change, and rows. */
async function prepare(url: string, rows: number): Promise<void> {
  await withServer(url, async (servers) => {
    const node = await servers.start('template', basePath, alone);
    const changed = await node.send('POST', '/meta/apply', { changes: foundation }, { Prefer: 'wait=30' });
    if (changed.status !== 200) throw new Error(`The foundation was answered with ${changed.status}: ${changed.text}`);
    const branch = await create(node, 'branches', { name: 'Main' });
    const template = await create(node, 'books', { title: 'Template', branch_id: branch, copies: 1 });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const table = { schema: naming.schema, table: '"library"."lib_books"', tableName: 'lib_books' };
      await fillTable(client, { ...table, template, rows, values: foundationValues });
    } finally {
      await client.end();
    }
    node.program.signal('SIGTERM');
    await node.program.ended;
  });
}

async function create(node: Node, plural: string, body: object): Promise<string> {
  const { status, text } = await node.send('POST', `/${plural}`, body);
  if (status !== 201) throw new Error(`A record of ${plural} was answered with ${status}: ${text}`);
  return (JSON.parse(text) as { data: { id: string } }).data.id;
}

interface Whole {
  readonly before: State;
  readonly after: State;
  /** That the journal gets, from the version's own to its last. */
  readonly lines: number;
}

/** The change with nobody killed: what it leads to, and over how many lines. */
async function applyWhole(databases: Databases, template: string, kind: Kind): Promise<Whole> {
  const name = await databases.create(template);
  const url = databases.url(name);
  const before = await withKnex(url, (knex) => stateOf(knex, naming.schema));
  const lines = await withServer(url, async (servers) => {
    const node = await servers.start('whole', basePath, alone);
    const gate = await setGate(url, naming, 0);
    const { status, text } = await node.send('POST', '/meta/apply', { changes: kind.changes }, { Prefer: 'wait=30' });
    if (status !== 200) throw new Error(`"${kind.kind}" was answered with ${status}: ${text}`);
    const passed = await gate.passed();
    await gate.remove();
    return passed;
  });
  const after = await withKnex(url, (knex) => stateOf(knex, naming.schema));
  await databases.drop(name);
  return { before, after, lines };
}

async function killAt(databases: Databases, template: string, kind: Kind, line: number, whole: Whole): Promise<Killed> {
  const name = await databases.create(template);
  const url = databases.url(name);
  const { outcome, ms, wrong } = await withServer(url, async (servers) => {
    const node = await servers.start('killed', basePath);
    const gate = await setGate(url, naming, line);
    const answer = node.send('POST', '/meta/apply', { changes: kind.changes }).catch(() => undefined);
    await gate.arrived();
    // The workers too, at once: nobody is left who could go on with it.
    node.program.signal('SIGKILL', { group: true });
    await Promise.all([node.program.ended, answer]);
    await gate.remove();
    const since = performance.now();
    const again = await servers.start('again', basePath);
    return withKnex(url, async (knex) => {
      await settled(knex);
      return { ms: performance.now() - since, ...(await judge(knex, again, whole)) };
    });
  });
  await databases.drop(name);
  return { kind: kind.kind, line, of: whole.lines, outcome, ms, wrong };
}

/** Applied as a whole or not at all: schema and rows are those of the one side or of the other, and the server says it is well. */
async function judge(knex: Knex, node: Node, { before, after }: Whole): Promise<Pick<Killed, 'outcome' | 'wrong'>> {
  const state = await stateOf(knex, naming.schema);
  const { rows } = await knex.raw<{ rows: { status: string }[] }>(
    `SELECT status FROM "${naming.schema}"."${naming.prefix}meta_versions" ORDER BY number DESC LIMIT 1`,
  );
  const { rows: opened } = await knex.raw<{ rows: { count: number }[] }>(
    `SELECT count(*)::int AS count FROM "${naming.schema}"."${naming.prefix}meta_versions" WHERE kind = 'change' AND status = 'applied'`,
  );
  // The foundation is the first change; only one more can have been applied.
  const applied = rows[0]?.status === 'applied' && opened[0]?.count === 2;
  const wanted = applied ? after : before;
  const ready = await node.send('GET', '//health/ready');
  return {
    outcome: applied ? 'applied' : 'not applied',
    wrong: [
      ...differences('schema', wanted.schema, state.schema),
      ...differences('rows', linesOf(wanted.rows), linesOf(state.rows)),
      ...(await leftovers(knex, naming)),
      ...(ready.status === 200 ? [] : [`/health/ready says ${ready.status}: ${ready.text}`]),
    ],
  };
}

const linesOf = (rows: State['rows']): readonly string[] => Object.entries(rows).map(([table, digest]) => `${table}: ${digest}`);

function differences(what: string, wanted: readonly string[], is: readonly string[]): readonly string[] {
  const [known, found] = [new Set(wanted), new Set(is)];
  return [
    ...wanted.filter((line) => !found.has(line)).map((line) => `${what} lacks: ${line}`),
    ...is.filter((line) => !known.has(line)).map((line) => `${what} has too much: ${line}`),
  ];
}

const patienceMs = 60_000;

/** Until nothing is under way any more. */
async function settled(knex: Knex): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await sleep(20)) {
    const { rows } = await knex.raw<{ rows: { count: number }[] }>(
      `SELECT count(*)::int AS count FROM "${naming.schema}"."${naming.prefix}meta_versions" WHERE status IN ('applying', 'undoing')`,
    );
    if (rows[0]?.count === 0) return;
    // What is wrong with it is told by `leftovers`.
    if (Date.now() > until) return;
  }
}

const describe = (killed: Killed | undefined): string =>
  killed === undefined
    ? ''
    : `${killed.wrong.length === 0 ? 'whole' : 'BROKEN'}: ${killed.kind}, killed at line ${killed.line} of ${killed.of}, ` +
      `${killed.outcome} ${killed.ms.toFixed(0)} ms after the new start${killed.wrong.map((line) => `\n    ${line}`).join('')}`;

async function withServer<T>(url: string, work: (servers: Cluster) => Promise<T>): Promise<T> {
  const servers = cluster(url, variables);
  try {
    return await work(servers);
  } finally {
    await servers.remove();
  }
}

async function withKnex<T>(url: string, work: (knex: Knex) => Promise<T>): Promise<T> {
  const knex = connect({ url, poolSize: 2, applicationName: 'kill change' });
  try {
    return await work(knex);
  } finally {
    await knex.destroy();
  }
}

interface Databases {
  create(template?: string): Promise<string>;
  url(name: string): string;
  drop(name: string): Promise<void>;
  /** All that are left. */
  remove(): Promise<void>;
}

function databasesOn(serverUrl: string): Databases {
  const names = new Set<string>();
  let made = 0;
  const on = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const drop = async (name: string): Promise<void> => {
    await on(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    names.delete(name);
  };
  return {
    create: async (template) => {
      made += 1;
      const name = `faults_${process.pid}_${Date.now().toString(36)}_${made}`;
      names.add(name);
      await on(
        `CREATE DATABASE ${pg.escapeIdentifier(name)}${template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`}`,
      );
      return name;
    },
    url: (name) => {
      const url = new URL(serverUrl.replace('@/', '@localhost/'));
      url.pathname = `/${name}`;
      return url.href;
    },
    drop,
    remove: async () => {
      for (const name of [...names]) await drop(name);
    },
  };
}
