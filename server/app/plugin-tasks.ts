// Tasks of the plugins: jobs of the queue that come round by the clock, each on one of the nodes.
import type { Jobs } from '../jobs/queue.ts';
import type { Parts } from './parts.ts';

/** A task that fails is logged, and has its next turn like any other. */
export async function startPluginTasks(jobs: Jobs, { plugins, log, ...running }: Parts): Promise<void> {
  for (const { manifest, tasks = [] } of plugins) {
    for (const task of tasks) {
      const queue = `plugin_${manifest.name}_${task.name}`;
      await jobs.queue(queue, { retryLimit: 0 });
      await jobs.work(queue, async ({ signal }) => {
        try {
          await task.run(running, signal);
        } catch (error) {
          log.error({ err: error, plugin: manifest.name, task: task.name }, 'A task of a plugin failed');
          throw error;
        }
      });
      await jobs.schedule(queue, task.cron);
    }
  }
}
