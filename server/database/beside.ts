// One connection beside a pool, for statements that commit by themselves while the pool's own connections hold transactions.
import knex, { type Knex } from 'knex';

const made = new WeakMap<Knex, Knex>();
/** Waiting in here for a lock that a transaction of the pool holds, which waits for this connection, would never end. */
const lockTimeoutMs = 5_000;
const idleTimeoutMillis = 60_000;

/**
 * Opened when it is first used, closed with the pool. Its commits are not waited for on the disk: the log is written in
 * order, so whatever is committed later and depends on one of them is never there without it.
 */
export function besidePool(pool: Knex): Knex {
  const known = made.get(pool);
  if (known !== undefined) return known;
  const { client } = pool as unknown as { readonly client: { readonly config: Knex.Config; destroy(): Promise<void> } };
  const session = `SET synchronous_commit = off; SET lock_timeout = ${lockTimeoutMs}`;
  const beside = knex({
    ...client.config,
    pool: {
      min: 0,
      max: 1,
      idleTimeoutMillis,
      afterCreate: (connection: { query(text: string, done: (error?: Error) => void): void }, done: (error?: Error) => void) => {
        connection.query(session, (error) => done(error));
      },
    },
  });
  made.set(pool, beside);
  const destroy = client.destroy.bind(client);
  client.destroy = async () => {
    await Promise.all([destroy(), beside.destroy()]);
  };
  return beside;
}
