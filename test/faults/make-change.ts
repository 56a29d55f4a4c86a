// Makes one change through the metadata API of a node and measures it: total time, locks, convergence of all nodes.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { LiveStep } from './live-script.ts';
import { type LockWatch, lengthOf } from './lock-watch.ts';
import { type Node, type Reply, versionHeader } from './nodes.ts';
import { type OpenLoop, quantile } from './open-loop.ts';

export interface Made {
  readonly kind: string;
  readonly node: string;
  readonly version: number;
  /** From the request until the version was applied on all nodes. */
  readonly ms: number;
  /** Longest that ACCESS EXCLUSIVE was held on an entity's table, and that somebody waited for it; undefined: none was seen. */
  readonly lockMs: number | undefined;
  readonly awaitedMs: number | undefined;
  /** From the commit of the publication until the last node answered with it. */
  readonly convergedMs: number;
  readonly readP99: number;
  readonly writeP99: number;
  readonly failed: number;
}

export interface Making {
  readonly client: pg.Client;
  readonly naming: { readonly schema: string; readonly prefix: string };
  readonly nodes: readonly Node[];
  readonly locks: LockWatch;
  readonly load: OpenLoop;
}

const longestMs = 30 * 60_000;

/** @throws Error when the change is refused, taken back, or not on all nodes in time */
export async function makeChange(making: Making, node: Node, step: LiveStep): Promise<Made> {
  const since = performance.now();
  const before = await newestVersion(making);
  const probes = watchConvergence(making, before.number);
  try {
    const reply = await ask(node, step, before.number);
    const version = await applied(making, reply, before.number, step.kind);
    const ms = performance.now() - since;
    const convergedMs = await probes.converged(version);
    const samples = making.load.samples.filter(({ due, ms: took }) => due + took >= since);
    const slow = (kind: string) =>
      quantile(
        samples.filter((sample) => sample.kind === kind).map((sample) => sample.ms),
        0.99,
      );
    const [held, awaited] = [making.locks.longest('held', since), making.locks.longest('awaited', since)];
    return {
      kind: step.kind,
      node: node.name,
      version,
      ms,
      lockMs: held === undefined ? undefined : lengthOf(held),
      awaitedMs: awaited === undefined ? undefined : lengthOf(awaited),
      convergedMs,
      readP99: slow('read'),
      writeP99: slow('write'),
      failed: samples.filter(({ failure }) => failure !== undefined).length,
    };
  } finally {
    probes.stop();
  }
}

function ask(node: Node, { changes, kind }: LiveStep, current: number): Promise<Reply> {
  const prefer = { Prefer: 'wait=5' };
  return typeof changes === 'number'
    ? node.send('POST', '/meta/rollback', { to: current - changes, reason: kind }, prefer)
    : node.send('POST', '/meta/apply', { changes, reason: kind }, prefer);
}

/** Waits until nothing is under way any more; the newest version is the one that was made. */
async function applied(making: Making, reply: Reply, before: number, kind: string): Promise<number> {
  if (reply.status !== 200 && reply.status !== 202) throw new Error(`"${kind}" was refused: ${reply.status} ${reply.text}`);
  for (const until = Date.now() + longestMs; Date.now() < until; await sleep(20)) {
    const { number, status } = await newestVersion(making);
    if (status === 'applied' && number > before) return number;
    if (status === 'undone') throw new Error(`"${kind}" was taken back, see version ${number}`);
    if (number === before) throw new Error(`"${kind}" was answered with ${reply.status} and made no version: ${reply.text}`);
  }
  throw new Error(`"${kind}" was not applied in ${longestMs / 60_000} minutes`);
}

async function newestVersion({ client, naming }: Making): Promise<{ number: number; status: string }> {
  const { rows } = await client.query<{ number: number; status: string }>(
    `SELECT number, status FROM "${naming.schema}"."${naming.prefix}meta_versions" ORDER BY number DESC LIMIT 1`,
  );
  return rows[0] ?? { number: 0, status: 'applied' };
}

interface Convergence {
  /** Milliseconds from the commit of the version's last publication to the first answer of the last node with it. */
  converged(version: number): Promise<number>;
  stop(): void;
}

const probeMs = 40;
const patienceMs = 30_000;
/** Not found, which costs a node next to nothing; the answer tells the version all the same. */
const probePath = '/no_such_entity';

/** Asks every node again and again which version it serves, by a request that costs next to nothing. */
function watchConvergence({ client, naming, nodes }: Making, before: number): Convergence {
  let stopped = false;
  /** By node: version → when it was first told, by the clock. */
  const seen = nodes.map(() => new Map<number, number>([[before, Date.now()]]));
  const probe = async (index: number): Promise<void> => {
    const node = nodes[index];
    while (!stopped && node !== undefined) {
      const reply = await node.send('GET', probePath).catch(() => undefined);
      const version = reply?.version;
      if (version !== undefined && seen[index]?.has(version) === false) seen[index]?.set(version, Date.now());
      await sleep(probeMs);
    }
  };
  for (const index of nodes.keys()) void probe(index);
  return {
    converged: async (version) => {
      const { rows } = await client.query<{ at: string }>(
        `SELECT extract(epoch FROM created_at) * 1000 AS at FROM "${naming.schema}"."${naming.prefix}meta_publications"
          WHERE version = $1 AND transition IS NULL ORDER BY serial DESC LIMIT 1`,
        [version],
      );
      const published = Number(rows[0]?.at ?? Number.NaN);
      for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(probeMs)) {
        const last = seen.map((versions) => versions.get(version));
        if (last.every((at) => at !== undefined)) return Math.max(...last.map((at) => (at ?? 0) - published));
      }
      throw new Error(`Not every node told version ${version} in its ${versionHeader} within ${patienceMs / 1000} s`);
    },
    stop: () => {
      stopped = true;
    },
  };
}
