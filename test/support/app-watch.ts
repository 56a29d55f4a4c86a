// What no answer of a test application may hold, whichever test asks: secrets, and what is closed to the caller of a stranger's records.
import type { Parts } from '../../server/app/parts.ts';
import { systemActor } from '../../server/repository/actor.ts';
import { systemContext } from '../../server/repository/context.ts';
import { engineTable, run } from '../../server/repository/statement.ts';
import { SecretsWatch } from './secrets-watch.ts';
import { StrangerWatch } from './stranger-watch.ts';
import { type Watch, watchOver } from './watched-fetch.ts';

export interface AppWatch {
  /** Also another node of the application. */
  over(url: string): void;
  /** @throws Error with every secret that was in an answer */
  end(): Promise<void>;
}

/** @param options.stranger whether there may be a stranger's records: of the shipped entities, whose roles the files tell */
export function watchApp(parts: Parts, options: { readonly stranger: boolean }): AppWatch {
  const { repository, database, registry } = parts;
  const secrets = new SecretsWatch();
  const callers = rolesByCaller(parts);
  const stranger = new StrangerWatch({
    rolesOf: callers,
    create: async (entity, input, owner) => {
      const actor = owner === null ? systemActor : { ...systemActor, id: owner };
      const context = { ...systemContext(registry.current(), 'system'), actor };
      return (await repository.create(context, entity, input as never)).id;
    },
  });
  const watch: Watch = {
    before: async (authorization) => {
      if (options.stranger) await stranger.before(authorization);
    },
    after: async (authorization, request, answer) => {
      secrets.see(request, answer);
      if (options.stranger) await stranger.after(authorization, request, answer);
    },
  };
  const ends: (() => void)[] = [];
  return {
    over: (url) => void ends.push(watchOver(url, watch)),
    end: async () => {
      for (const end of ends) end();
      const leaks = await secrets.leaks(database.knex, registry.current());
      if (leaks.length > 0) throw new Error(leaks.join('\n'));
    },
  };
}

/** Who asks, by the session or key in an Authorization header; as the database knows them, and asked again each time. */
function rolesByCaller({ database, registry }: Parts) {
  return async (authorization: string): Promise<{ readonly id: string; readonly roles: readonly string[] } | undefined> => {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
    const key = /^fwk_([0-9a-f]{32})_/.exec(token)?.[1];
    const user = key === undefined ? subjectOf(token) : undefined;
    if (key === undefined && user === undefined) return undefined;
    const table = registry.current().entities.get('users')?.qualifiedTable;
    const [row] = await run<{ id: string; roles: readonly string[] | null }>(database.knex, {
      text:
        key === undefined
          ? `SELECT "id", "roles" FROM ${table} WHERE "id" = $1::uuid`
          : `SELECT user_id AS id, roles FROM ${engineTable(registry.current().app, 'api_keys')} WHERE id = $1::uuid`,
      values: [key ?? user],
    });
    return row === undefined ? undefined : { id: row.id, roles: row.roles ?? [] };
  };
}

/** Of a token that need not be genuine. */
function subjectOf(token: string): string | undefined {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { readonly sub?: unknown };
    return typeof sub === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}
