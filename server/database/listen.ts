// A connection of its own for LISTEN, which comes back by itself when the server or the network drops it.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { sessionOf } from './pool.ts';

/** Runs one statement on the connection that listens; `$n` placeholders. */
export type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

export interface ListenOptions {
  /**
   * Called with each (re)connection before it counts as open: the place for what belongs to the session, such as a lock.
   * What it throws is treated like a connection that failed.
   */
  readonly onOpen?: (query: Query) => Promise<void>;
  /** Called after each (re)connection, when messages may have been missed: the time to read what is due. */
  readonly onConnect?: () => void;
  /** Called with each loss of the connection; the next attempt follows by itself. */
  readonly onError?: (error: unknown) => void;
}

export interface Listener {
  /** Rejects while the connection is lost. */
  readonly query: Query;
  /** Settles when the connection is closed; no message arrives after it. */
  close(): Promise<void>;
}

const firstPauseMs = 50;
const longestPauseMs = 5_000;
const heartbeatMs = 10_000;

/**
 * Listens on a channel until closed. A message sent while the connection is down is lost (that is how NOTIFY works),
 * so a caller that must not miss any reads its table in `onConnect`.
 * @param url a direct connection: through a transaction pooler LISTEN is lost
 * @param channel exactly as in NOTIFY
 * @param onMessage gets the payload, '' when there is none; it must not throw
 * @returns once the first connection listens
 * @throws the driver's error when that first connection fails
 */
export async function listen(
  url: string,
  channel: string,
  onMessage: (payload: string) => void,
  options: ListenOptions = {},
): Promise<Listener> {
  const stopping = new AbortController();
  let current: Opened | undefined;

  async function open(): Promise<Opened> {
    const client = new pg.Client({ ...sessionOf({ url, applicationName: 'formwork listen' }), query_timeout: heartbeatMs });
    client.on('error', () => client.end().catch(() => undefined));
    const query = oneByOne(client);
    client.on('notification', (message) => {
      if (!stopping.signal.aborted) onMessage(message.payload ?? '');
    });
    try {
      await client.connect();
      await query(`LISTEN ${client.escapeIdentifier(channel)}`);
      await options.onOpen?.(query);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    current = { client, query };
    options.onConnect?.();
    return current;
  }

  /** Settles when the connection is lost. The heartbeat finds connections that died without a word. */
  async function untilLost({ client, query }: Opened): Promise<void> {
    const heartbeat = setInterval(() => query('SELECT 1').catch(() => client.end().catch(() => undefined)), heartbeatMs);
    await new Promise<void>((resolve) => {
      if (stopping.signal.aborted) resolve();
      client.once('end', resolve);
      stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    clearInterval(heartbeat);
    await client.end().catch(() => undefined);
  }

  async function reopen(): Promise<Opened | undefined> {
    for (let pause = firstPauseMs; !stopping.signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        return await open();
      } catch (error) {
        options.onError?.(error);
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async function keep(first: Opened): Promise<void> {
    for (let opened: Opened | undefined = first; opened !== undefined; opened = await reopen()) {
      await untilLost(opened);
      if (!stopping.signal.aborted) options.onError?.(new Error(`The connection that listens on ${channel} was lost`));
    }
  }

  const kept = keep(await open());
  return {
    query: (text, values) =>
      current === undefined ? Promise.reject(new Error('The connection was never open')) : current.query(text, values),
    close: async () => {
      stopping.abort();
      await kept;
    },
  };
}

interface Opened {
  readonly client: pg.Client;
  readonly query: Query;
}

/** A connection does one thing at a time; whoever comes meanwhile waits. */
function oneByOne(client: pg.Client): Query {
  let last: Promise<unknown> = Promise.resolve();
  return <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const rows = last.then(async () => (await client.query({ text, values: [...values] })).rows as Row[]);
    last = rows.catch(() => undefined);
    return rows;
  };
}
