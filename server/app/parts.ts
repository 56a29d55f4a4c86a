// The records' side of the application, without HTTP: what workers and command line tools need as well.
import type { Config } from '../config.ts';
import type { Database } from '../database/open.ts';
import { type Registry, type RegistryHolder, registryHolder } from '../metadata/registry.ts';
import { createRepository } from '../repository/create-repository.ts';
import type { HookSet } from '../repository/hooks.ts';
import type { Repository } from '../repository/repository.ts';
import type { Log } from '../telemetry/log.ts';

export interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
}

export interface PartsInput {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  readonly registry: Registry;
  /** Of the plugins, in their order. */
  readonly hooks: readonly HookSet[];
}

export function composeParts({ config, log, database, registry, hooks }: PartsInput): Parts {
  const onError = (message: string, error: unknown): void => log.error({ err: error }, message);
  const repository = createRepository({ knex: database.knex, hooks, onError });
  return { config, log, database, registry: registryHolder(registry), repository };
}
