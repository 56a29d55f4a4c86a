// Changes of every kind while clients read and write through two server processes: nothing fails, nothing mixes, nothing is lost.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { filledDigest, fillTable } from './fill.ts';
import { ledger, lostWrites } from './ledger.ts';
import { firstVocabulary, type LiveStep, preparation, prepared } from './live-script.ts';
import { watchLocks } from './lock-watch.ts';
import { type Made, makeChange } from './make-change.ts';
import { type Cluster, cluster, type Node } from './nodes.ts';
import { openLoop, type Sample } from './open-loop.ts';
import { actOf, firstQuietRow } from './traffic.ts';
import { type JsonRecord, versionShapes } from './version-shapes.ts';

export interface LiveOptions {
  readonly databaseUrl: string;
  readonly rows: number;
  /** Requests a second. */
  readonly rate: number;
  /** The load goes on for at least so long. */
  readonly seconds: number;
  /** Between two changes. */
  readonly pauseMs: number;
  /** Of load before the first change: servers that have just started compile their code, which is no change's doing. */
  readonly warmUpMs: number;
  readonly steps: readonly LiveStep[];
  /** Told what goes on. */
  readonly say: (line: string) => void;
}

export interface LiveResult {
  readonly made: readonly Made[];
  /** All requests since the first change. */
  readonly samples: readonly Sample[];
  /** Requests that did not end as they must. */
  readonly failures: readonly string[];
  /** Answers that agree with no one version. */
  readonly mixed: readonly string[];
  readonly shapes: number;
  /** Acknowledged writes that are not there. */
  readonly lost: readonly string[];
  readonly acknowledged: number;
  /** Whether the rows that nobody wrote to are as they were. */
  readonly untouched: boolean;
  /** What the servers wrote into their logs as errors. */
  readonly logged: readonly string[];
  /** Why the changes ended early. */
  readonly broken: string | undefined;
}

const naming = { schema: 'crm_core', prefix: 'crm_' };
const basePath = '/crm/v1';
const entity = { id: 'ent_contacts', table: '"crm_core"."crm_contacts"', tableName: 'crm_contacts' };
/** Columns that no change of the script touches. */
const quietColumns = [
  'id',
  'first_name',
  'last_name',
  'display_name',
  'search_text',
  'lifecycle',
  'version',
  'created_at',
  'updated_at',
];

export async function liveChange(options: LiveOptions): Promise<LiveResult> {
  const servers = cluster(options.databaseUrl, { FORMWORK_WORKERS: '1' });
  const client = new pg.Client({ connectionString: options.databaseUrl, application_name: 'live change' });
  await client.connect();
  try {
    return await run(options, servers, client);
  } finally {
    await client.end();
    await servers.remove();
  }
}

async function run(options: LiveOptions, servers: Cluster, client: pg.Client): Promise<LiveResult> {
  const { rows, rate, steps, say, pauseMs, warmUpMs } = options;
  const first = await servers.start('A', basePath);
  await prepare(first, client, rows, say);
  const nodes = [first, await servers.start('B', basePath)];
  const vocabulary = firstVocabulary();
  const book = ledger();
  const shapes = versionShapes(client, naming);
  const digest = () => filledDigest(client, { table: entity.table, columns: quietColumns, from: firstQuietRow });
  const before = await digest();

  const locks = await watchLocks(options.databaseUrl, naming.schema);
  const load = openLoop(rate, actOf({ nodes, vocabulary, book, shapes, rows, entityId: entity.id }));
  const made: Made[] = [];
  let broken: string | undefined;
  let warm = performance.now();
  try {
    await sleep(warmUpMs);
    warm = performance.now();
    for (const [index, step] of steps.entries()) {
      if (step.before !== undefined) {
        step.before(vocabulary);
        // What was sent in the old words is answered first.
        await load.settled();
      }
      const node = nodes[index % nodes.length] ?? first;
      made.push(await makeChange({ client, naming, nodes, locks, load }, node, step));
      say(describe(made.at(-1)));
      step.after?.(vocabulary);
      await sleep(pauseMs);
    }
    await sleep(Math.max(0, options.seconds * 1000 - (performance.now() - warm)));
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
  }
  await load.stop();
  await locks.stop();
  const { mixed, shapes: seen } = await shapes.check();
  const lost = await lostWrites(book, vocabulary, (ids) => recordsOf(first, ids));
  return {
    made,
    samples: load.samples.filter(({ due }) => due >= warm),
    failures: load.samples.flatMap(({ failure }) => failure ?? []),
    mixed,
    shapes: seen,
    lost,
    acknowledged: book.acknowledged,
    untouched: (await digest()) === before,
    logged: nodes.flatMap(({ program }) =>
      program
        .output()
        .split('\n')
        .filter((line) => /"level":[56]0/.test(line)),
    ),
    broken,
  };
}

/** The fields that change, and the rows that are there before anything is measured. */
async function prepare(node: Node, client: pg.Client, rows: number, say: (line: string) => void): Promise<void> {
  const changed = await node.send('POST', '/meta/apply', { changes: preparation }, { Prefer: 'wait=30' });
  if (changed.status !== 200) throw new Error(`The preparation was answered with ${changed.status}: ${changed.text}`);
  const made = await node.send('POST', '/contacts', { first_name: 'Filled', last_name: 'Template' });
  if (made.status !== 201) throw new Error(`The template was answered with ${made.status}: ${made.text}`);
  const template = String((JSON.parse(made.text) as { data: JsonRecord }).data['id']);
  const began = performance.now();
  await fillTable(client, {
    ...entity,
    schema: naming.schema,
    template,
    rows,
    values: {
      last_name: `'Row' || n || 'x'`,
      display_name: `'Filled Row' || n || 'x'`,
      search_text: `'filled row' || n || E'x\\nfilled\\nrow' || n || 'x'`,
      lifecycle: `(ARRAY['prospect', 'customer'])[n % 2 + 1]`,
      created_at: `now() - n * interval '1 second'`,
      updated_at: `now() - n * interval '1 second'`,
      ...prepared,
    },
  });
  say(`${rows} rows were filled in ${seconds(performance.now() - began)}`);
}

async function recordsOf(node: Node, ids: readonly string[]): Promise<readonly JsonRecord[]> {
  const reply = await node.send('POST', '/contacts/query', {
    filter: { fact: 'id', operator: 'in', value: ids },
    limit: ids.length,
  });
  if (reply.status !== 200) throw new Error(`Reading back was answered with ${reply.status}: ${reply.text}`);
  return (JSON.parse(reply.text) as { data: JsonRecord[] }).data;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const describe = (made: Made | undefined): string =>
  made === undefined
    ? ''
    : `${made.kind}: ${seconds(made.ms)}, converged in ${made.convergedMs.toFixed(0)} ms, ${made.failed} failed`;
