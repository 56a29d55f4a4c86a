// Waits until every node that lives serves a publication. A dead one is not waited for: its lock is gone, or it is silent.
import { setTimeout as delay } from 'node:timers/promises';
import { systemTable } from '../tables/names.ts';
import { type Attempted, throwIfStopped } from './attempts.ts';
import type { Queries } from './documents.ts';
import { timingOf, type VersionServices } from './services.ts';

/** First key of the advisory locks by which nodes show that they live; the second is their own. */
export const nodeLockClass = 0x666f726d;

/** Seconds without a sign after which a node does not count, whatever its connection looks like. */
const silentSeconds = 15;

const pollMs = 15;

export interface NodeState {
  readonly id: string;
  readonly kind: string;
  /** The newest publication that it serves. */
  readonly serial: number;
  /** The newest version under way whose publications it has built ahead; 0: none. */
  readonly foreseen: number;
  readonly startedAt: string;
}

/** Nodes that live, by this database's locks and clock. */
export async function liveNodes(session: Queries, app: VersionServices['app']): Promise<readonly NodeState[]> {
  const rows = await session.query<Omit<NodeState, 'serial'> & { readonly serial: string }>(
    `SELECT n.id::text AS id, n.kind, n.serial::text AS serial, n.foreseen, to_char(n.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt"
     FROM ${systemTable(app, 'meta_nodes')} n
     WHERE n.seen_at > clock_timestamp() - make_interval(secs => ${silentSeconds}) AND EXISTS (
       SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.classid = ${nodeLockClass} AND l.objid = n.lock_key::oid)
     ORDER BY n.started_at`,
  );
  return rows.map((row) => ({ ...row, serial: Number(row.serial) }));
}

/** How long a version waits for those that build ahead: who is late makes requests wait, nothing else. */
const foresightMs = 5_000;

/** Waits until every node that lives has built what the version is going to publish, within limits. */
export async function untilForeseen({ session, services }: Attempted, version: number): Promise<void> {
  for (const since = performance.now(); performance.now() - since < foresightMs; await delay(pollMs)) {
    if ((await liveNodes(session, services.app)).every((node) => node.foreseen >= version)) return;
    throwIfStopped(services);
  }
}

/**
 * @param bounded true: nothing that follows needs it, so a node that is late is told of once and not waited for longer
 */
export async function untilAcknowledged({ session, services }: Attempted, serial: number, bounded: boolean): Promise<void> {
  const { acknowledgeMs } = timingOf(services);
  for (let since = performance.now(); ; ) {
    const behind = (await liveNodes(session, services.app)).filter((node) => node.serial < serial);
    if (behind.length === 0) return;
    if (performance.now() - since > acknowledgeMs) {
      services.log.warn({ serial, nodes: behind }, 'Nodes have not acknowledged the published metadata yet');
      if (bounded) return;
      since = performance.now();
    }
    throwIfStopped(services);
    await delay(pollMs);
  }
}
