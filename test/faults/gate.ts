// Holds a server still right at the n-th line that it writes into the journal of a change, so that it can be killed there.
import pg from 'pg';

export interface Gate {
  /** How many lines have been written since the gate was set up; those of transactions that were rolled back count too. */
  passed(): Promise<number>;
  /** Resolves once somebody stands at the gate. */
  arrived(): Promise<void>;
  /** Lets them go, takes everything down. */
  remove(): Promise<void>;
}

const lock = '4711, 3';
const lookMs = 5;
const patienceMs = 60_000;

/**
 * Triggers on the journal's tables wait for an advisory lock that this connection holds. Who dies there leaves a server
 * process of the database behind, which goes on when the lock is free and finds nobody to answer, as it is with kill -9.
 * @param at 0: nobody is held
 */
export async function setGate(
  databaseUrl: string,
  { schema, prefix }: { readonly schema: string; readonly prefix: string },
  at: number,
): Promise<Gate> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'gate' });
  await client.connect();
  await client.query(`
    CREATE SCHEMA faults;
    CREATE SEQUENCE faults.lines;
    CREATE SEQUENCE faults.arrivals;
    SELECT pg_advisory_lock(${lock});
    CREATE FUNCTION faults.gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('faults.lines') = ${at} THEN
        PERFORM nextval('faults.arrivals');
        WHILE NOT pg_try_advisory_xact_lock_shared(${lock}) LOOP PERFORM pg_sleep(0.01); END LOOP;
      END IF;
      RETURN NEW;
    END $$;`);
  const tables = ['meta_versions', 'meta_steps', 'meta_publications'].map((name) => `"${schema}"."${prefix}${name}"`);
  for (const table of tables) {
    await client.query(`CREATE TRIGGER gate BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION faults.gate()`);
  }
  const countOf = async (sequence: string): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS count FROM faults.${sequence}`,
    );
    return Number(rows[0]?.count ?? 0);
  };
  return {
    passed: () => countOf('lines'),
    arrived: async () => {
      for (const until = Date.now() + patienceMs; (await countOf('arrivals')) === 0; ) {
        if (Date.now() > until) throw new Error(`Nobody came to line ${at} of the journal`);
        await new Promise((resolve) => setTimeout(resolve, lookMs));
      }
    },
    remove: async () => {
      await client.query(`SELECT pg_advisory_unlock(${lock})`);
      for (const table of tables) await client.query(`DROP TRIGGER IF EXISTS gate ON ${table}`);
      await client.query('DROP SCHEMA faults CASCADE');
      await client.end();
    },
  };
}
