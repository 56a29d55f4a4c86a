// A worker of imports as a process of its own, for being killed: `import-worker.ts <database URL> <id of the user>`.

import { connect } from '../../server/database/pool.ts';
import { startImports } from '../../server/import/import-job.ts';
import { startJobs } from '../../server/jobs/queue.ts';
import { registryHolder } from '../../server/metadata/registry.ts';
import { unlimited } from '../../server/repository/actor.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { crmRegistry } from '../support/registry.ts';

const [url = '', userId = ''] = process.argv.slice(2);
const knex = connect({ url, poolSize: 2, applicationName: 'import worker' });
const registry = registryHolder(await crmRegistry());
const onError = (message: string, error: unknown): void => console.error(message, error);
const repository = createRepository({ knex, hooks: [], onError });
const schema = `${registry.current().app.prefix}queue`;
const jobs = await startJobs({ url, schema, log: createLog({ level: 'error' }) });
const actor = { id: userId, name: 'Admin', email: 'admin@example.com', roles: ['admin'], language: 'en', ...unlimited };
await startImports({ repository, knex, jobs, registry, actorById: async () => actor, onError });
process.stdout.write('ready\n');
