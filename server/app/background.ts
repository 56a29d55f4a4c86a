// What a worker process does: workflows after the commit, imports, daily maintenance, tasks of plugins.
import { actorOfRole, actorsOf } from '../auth/actors.ts';
import { startMails } from '../auth/mail-job.ts';
import { startAutomation } from '../automation/worker.ts';
import { publicUrl } from '../config.ts';
import { startFileCleanUp } from '../files/clean-up.ts';
import { fileServices } from '../files/file-services.ts';
import { startExports } from '../import/export-job.ts';
import { startImports } from '../import/import-job.ts';
import { smtpMailer } from '../mail/mailer.ts';
import { startMaintenance } from '../platform/maintenance.ts';
import { catalogueOf } from './automation-catalogue.ts';
import type { Parts } from './parts.ts';
import { startPluginTasks } from './plugin-tasks.ts';
import { startWorkingQueue } from './queue.ts';

export interface Background {
  /** Resolves when no event is due any more. */
  idle(): Promise<void>;
  /** Finishes what has begun. */
  stop(): Promise<void>;
}

export async function startBackground(parts: Parts): Promise<Background> {
  const { config, database, features, log, newest, plugins, registry, repository } = parts;
  const refresh = (): Promise<boolean> => newest.refresh();
  const actorById = actorsOf(database.knex).byId;
  const onError = (message: string, error: unknown): void => log.error({ err: error }, message);
  const jobs = await startWorkingQueue(parts);
  const transfers = { repository, knex: database.knex, jobs, registry, refresh, actorById, onError };
  await startImports(transfers);
  await startExports(transfers);
  if (config.smtpUrl !== undefined && config.mailFrom !== undefined) {
    const mailer = smtpMailer({ url: config.smtpUrl, from: config.mailFrom });
    await startMails({ jobs, knex: database.knex, registry, mailer, publicUrl: publicUrl(config, config.port), onError });
  }
  await startMaintenance({ jobs, knex: database.knex, registry, onError });
  await startFileCleanUp({ jobs, knex: database.knex, registry, files: fileServices(config) });
  await startPluginTasks(jobs, parts);
  const automation = await startAutomation({
    registry,
    refresh,
    repository,
    knex: database.knex,
    url: database.url,
    log,
    actorById,
    actorOfRole,
    // What is on for nobody in particular is on for all: then nobody is looked up.
    isOn: async (current, feature, userId) =>
      (await features.isOn(feature)) || (userId !== null && features.isOn(feature, await actorById(current, userId))),
    catalogue: catalogueOf(plugins),
  });
  return {
    idle: () => automation.idle(),
    stop: async () => {
      await automation.stop();
      await jobs.stop();
    },
  };
}
