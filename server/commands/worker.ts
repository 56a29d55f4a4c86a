// `formwork worker`: automation and jobs alone, beside other nodes; `start` forks it as well.
import type { Command } from 'commander';
import { configOrExit } from './config-or-exit.ts';
import { orExit } from './or-exit.ts';
import { stopWhenTold } from './stop-when-told.ts';

export function workerCommand(program: Command): void {
  program
    .command('worker')
    .description('Run automation and jobs, without HTTP; waits until another node has made the tables')
    .action(async () => {
      const config = configOrExit();
      const { startWorker } = await import('../app/start-worker.ts');
      const { log, stop } = await orExit(config, () => startWorker(config));
      // Said only when a signal is heard already: whoever reads it may send one at once.
      stopWhenTold(stop);
      log.info('The worker takes up its work');
    });
}
