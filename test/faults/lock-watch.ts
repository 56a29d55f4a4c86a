// Looks every few milliseconds who holds or waits for ACCESS EXCLUSIVE on an entity's table, from a connection of its own.
import pg from 'pg';

export interface LockSpan {
  readonly table: string;
  /** Held, or asked for and not yet given: everybody behind it waits either way. */
  readonly state: 'held' | 'awaited';
  /** By `performance.now()`; they are what was seen, so up to one look too short at each end. */
  readonly from: number;
  readonly to: number;
}

export interface LockWatch {
  /** The longest that was seen since the moment, in milliseconds; undefined: none was seen. */
  longest(state: LockSpan['state'], since: number): LockSpan | undefined;
  stop(): Promise<void>;
}

const lookMs = 5;
// Tables of entities only: the journal's own are nobody's who is served.
const sql = `
  SELECT l.pid || ' ' || l.virtualtransaction || ' ' || c.relname || ' ' || l.granted AS key, c.relname AS name, l.granted
    FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
   WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.relkind IN ('r', 'p')
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND c.relnamespace = $1::regnamespace AND c.relname !~ '_meta_'`;

interface Seen {
  readonly key: string;
  readonly name: string;
  readonly granted: boolean;
}

export async function watchLocks(databaseUrl: string, schema: string): Promise<LockWatch> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'lock watch' });
  await client.connect();
  const spans: LockSpan[] = [];
  const open = new Map<string, LockSpan>();
  let stopping = false;
  const look = async (): Promise<void> => {
    const at = performance.now();
    const { rows } = await client.query<Seen>({ name: 'locks', text: sql, values: [schema] });
    const now = performance.now();
    for (const { key, name, granted } of rows) {
      open.set(key, { table: name, state: granted ? 'held' : 'awaited', from: open.get(key)?.from ?? at, to: now });
    }
    const present = new Set(rows.map(({ key }) => key));
    for (const [key, span] of open) {
      if (present.has(key)) continue;
      spans.push(span);
      open.delete(key);
    }
  };
  const watching = (async () => {
    while (!stopping) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  })();
  // A failure is told by `stop`.
  watching.catch(() => undefined);
  return {
    longest: (state, since) =>
      [...spans, ...open.values()]
        .filter((span) => span.state === state && span.to >= since)
        .reduce<LockSpan | undefined>(
          (most, span) => (most === undefined || lengthOf(span) > lengthOf(most) ? span : most),
          undefined,
        ),
    stop: async () => {
      stopping = true;
      await watching;
      await client.end();
    },
  };
}

export const lengthOf = (span: LockSpan): number => span.to - span.from;
