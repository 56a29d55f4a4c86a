// A worker process that a test kills: it says when a run is under way, its effects written and not yet committed.
import { automationCatalogue } from '../../server/automation/catalogue.ts';
import type { Step } from '../../server/automation/steps.ts';
import { connect } from '../../server/database/pool.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import type { TestApp } from '../support/app.ts';
import { crmRegistry } from '../support/registry.ts';
import { withWorkflows, worker } from './workflow-app.ts';

const [url = '', workflowJson = ''] = process.argv.slice(2);
const registry = withWorkflows(await crmRegistry(), JSON.parse(workflowJson));
const knex = connect({ url, applicationName: 'mortal worker' });
const repository = createRepository({ knex, hooks: [], onError: (message, error) => console.error(message, error) });

const hang: Step = {
  name: 'test.hang',
  settings: { type: 'object' },
  writes: () => [],
  run: async ({ event }) => {
    process.stdout.write(`${event.attempts}\n`);
    return new Promise(() => undefined);
  },
};

const app = { repository, knex, parts: { database: { url } } } as unknown as TestApp;
await worker(app, registry, { catalogue: automationCatalogue({ steps: [hang] }), leaseSeconds: 1 });
