// `formwork worker`: automation and jobs alone, beside other nodes; `start` forks it as well.
import type { Command } from 'commander';
import { startBackground } from '../app/background.ts';
import { openParts } from '../app/parts.ts';
import { configOrExit } from './config-or-exit.ts';
import { orExit } from './or-exit.ts';
import { stopWhenTold } from './stop-when-told.ts';

export function workerCommand(program: Command): void {
  program
    .command('worker')
    .description('Run automation and jobs, without HTTP; waits until another node has made the tables')
    .action(async () => {
      const config = configOrExit();
      const { parts, stop } = await orExit(config, async () => {
        const parts = await openParts(config, { migrate: false, wait: true, name: 'worker' });
        try {
          const background = await startBackground(parts);
          return { parts, stop: () => background.stop().finally(() => parts.close()) };
        } catch (error) {
          await parts.close();
          throw error;
        }
      });
      // Said only when a signal is heard already: whoever reads it may send one at once.
      stopWhenTold(stop);
      parts.log.info('The worker takes up its work');
    });
}
