// kill -9 in a stream of writes: what was acknowledged is there, each key has one effect, and record, audit and event agree.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { adminVariables, type Client, signedIn } from './client.ts';
import { kill, type Program, programFolder, until } from './program.ts';

const folder = programFolder();
afterAll(() => folder.remove());

const clients = 6;
const keptBeforeKill = 120;

interface Sent {
  readonly key: string;
  /** Known only when the answer arrived. */
  id?: string;
}

let program: Program;
let client: Client;

async function start(): Promise<void> {
  program = folder.run(['start'], adminVariables);
  client = await signedIn(`${await program.ready()}/crm/v1`);
}

const bodyOf = (key: string) => ({ first_name: 'Kept', last_name: key });

/** Several clients post, each the next when the last is answered, until the server dies under them. */
async function writeUntilKilled(round: string, killing: () => void): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let acknowledged = 0;
  let killed = false;
  const lane = async (number: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const mine: Sent = { key: `${round}-${number}-${count}` };
      sent.push(mine);
      const answer = await client.post('/contacts', bodyOf(mine.key), mine.key).catch((error: unknown) => {
        if (!killed) throw error;
      });
      if (killed && answer?.status !== 201) return;
      expect(answer?.status).toBe(201);
      mine.id = String(answer?.body['data']?.['id']);
      acknowledged += 1;
      if (acknowledged !== keptBeforeKill) continue;
      killed = true;
      killing();
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => lane(number)));
  return sent;
}

/** Rows by their first word: record, audit row, outbox event; each counted and each distinct. */
async function counted(): Promise<Readonly<Record<string, number>>> {
  const server = await startEmbedded({ dataDir: `${folder.path}/d`, log: createLog({ level: 'error' }) });
  const database = new pg.Client({ connectionString: server.url });
  await database.connect();
  try {
    const { rows } = await database.query(`
      SELECT (SELECT count(*)::int FROM crm_core.crm_contacts) AS records,
             (SELECT count(DISTINCT last_name)::int FROM crm_core.crm_contacts) AS keys,
             (SELECT count(*)::int FROM crm_core.crm_auditlog WHERE record_type = 'contacts' AND operation = 'create') AS audited,
             (SELECT count(*)::int FROM crm_core.crm_outbox WHERE entity = 'contacts' AND operation = 'create') AS events,
             (SELECT count(*)::int FROM crm_core.crm_contacts c
                JOIN crm_core.crm_auditlog a ON a.record_id = c.id AND a.operation = 'create'
                JOIN crm_core.crm_outbox e ON e.record_id = c.id AND e.operation = 'create') AS joined`);
    return rows[0] as Record<string, number>;
  } finally {
    await database.end();
    await server.stop();
  }
}

beforeAll(start);

describe.each([
  ['the server', () => kill(program.pid)],
  ['the server, its worker and PostgreSQL, all at once', () => folder.processes().forEach(kill)],
])('kill -9 of %s in a stream of writes', (whom, killing) => {
  test('loses nothing that was acknowledged, and each key has one effect', async () => {
    const before = (await counted())['records'] ?? 0;
    const sent = await writeUntilKilled(`round${whom.length}`, killing);
    expect(await program.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
    const acknowledged = sent.filter(({ id }) => id !== undefined);
    expect(acknowledged.length).toBeGreaterThanOrEqual(keptBeforeKill);

    await start();
    const after = await counted();
    const made = (after['records'] ?? 0) - before;
    expect(made).toBeGreaterThanOrEqual(acknowledged.length);
    expect(made).toBeLessThanOrEqual(sent.length);
    expect(after).toEqual({
      records: after['records'],
      keys: after['records'],
      audited: after['records'],
      events: after['records'],
      joined: after['records'],
    });

    for (const { key, id } of sent) {
      const replayed = await client.post('/contacts', bodyOf(key), key);
      expect(replayed.status).toBe(201);
      if (id !== undefined) expect(replayed.body['data']?.['id']).toBe(id);
    }
    const all = before + sent.length;
    expect(await counted()).toEqual({ records: all, keys: all, audited: all, events: all, joined: all });
    process.stdout.write(
      `kill -9 of ${whom}: ${sent.length} sent, ${acknowledged.length} acknowledged, ${made} found after the restart; ` +
        `${all} records, audit rows and events after each key was sent again\n`,
    );
  });
});

test('at the end it stops as ever, and nothing is left', async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  await until(() => folder.processes().length === 0, 'everything to be gone');
  expect(folder.temporaries()).toEqual([]);
});
