// Joins the parts of the metadata API into what app/ mounts: routes, delegates of the mirroring entities, and the mirror itself.
import type Router from '@koa/router';
import type { Registry } from '../metadata/registry.ts';
import type { RequestState } from '../repository/context.ts';
import type { RecordDelegates } from '../repository/delegates.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import { systemTable } from '../tables/names.ts';
import type { VersionServices } from '../versions/services.ts';
import { changer } from './change.ts';
import { customFieldDelegate } from './custom-fields.ts';
import { keepMirror } from './mirror.ts';
import { customFields, workflows } from './mirror-rows.ts';
import { studioRoutes } from './routes.ts';
import type { StudioServices } from './services.ts';
import { workflowDelegate } from './workflow-records.ts';

export interface Studio {
  /** For the repository. */
  readonly delegates: RecordDelegates;
  /** Mounts {base}/meta/… on a router without a prefix of its own. */
  routes(router: Router<RequestState>): void;
  /** To be called wherever a registry begins to be served. Never throws: what it could not do is told in the log. */
  mirror(registry: Registry): Promise<void>;
}

export type StudioParts = Pick<
  StudioServices,
  'versions' | 'registry' | 'log' | 'refresh' | 'objections' | 'overreaching' | 'rightsDifferences'
> & {
  /** The repository is made with the delegates of the studio, so it comes later. */
  readonly repository: () => Repository;
};

export function createStudio(parts: StudioParts): Studio {
  const { versions, log } = parts;
  const mirror = async (registry: Registry): Promise<void> => {
    const published = () => publishedVersion(versions);
    await keepMirror({ knex: versions.knex, repository: parts.repository(), log, published }, registry).catch((error: unknown) =>
      log.error({ err: error }, 'The records that mirror the metadata could not be kept equal to them'),
    );
  };
  const services: StudioServices = {
    ...parts,
    mirror,
    get repository() {
      return parts.repository();
    },
  };
  const whole = Object.assign(services, { changer: changer(services) });
  return {
    delegates: { [customFields]: customFieldDelegate(whole), [workflows]: workflowDelegate(whole) },
    routes: (router) => studioRoutes(router, whole),
    mirror,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The version that is published, and its author where that is a user; undefined before the first publication. */
async function publishedVersion({ knex, app }: VersionServices) {
  const [row] = await run<{ number: number; author: string | null }>(knex, {
    text: `SELECT v.number, v.author FROM ${systemTable(app, 'meta_publications')} p
      JOIN ${systemTable(app, 'meta_versions')} v ON v.number = p.version ORDER BY p.serial DESC LIMIT 1`,
    values: [],
  });
  if (row === undefined) return undefined;
  return { number: row.number, author: row.author !== null && uuid.test(row.author) ? row.author : null };
}
