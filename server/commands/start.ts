// `formwork start`: database, tables, first administrator, demo data, worker, HTTP server; stops gently on a signal.
import type { Command } from 'commander';
import { startApplication } from '../app/start.ts';
import { publicUrl } from '../config.ts';
import { configOrExit } from './config-or-exit.ts';

export function startCommand(program: Command): void {
  program
    .command('start', { isDefault: true })
    .description('Start the server, with everything it needs')
    .action(async () => {
      const config = configOrExit();
      const began = performance.now();
      const running = await startApplication(config);
      const { registry, firstAdmin, port } = running;
      const lines = [
        '',
        `  ${registry.app.label['en'] ?? registry.app.name} is ready at ${publicUrl(config, port)}  (${((performance.now() - began) / 1000).toFixed(1)} s)`,
      ];
      if (firstAdmin !== undefined) {
        lines.push(`  Sign in as ${firstAdmin.email}`);
        lines.push(
          firstAdmin.password === undefined
            ? '  with the password of FORMWORK_ADMIN_PASSWORD'
            : `  with the password ${firstAdmin.password}   (shown only this once)`,
        );
      }
      process.stdout.write(`${lines.join('\n')}\n\n`);
      let stopping = false;
      const stop = (signal: string): void => {
        // A second signal means that the first is taking too long for whoever waits.
        if (stopping) process.exit(1);
        stopping = true;
        process.stdout.write(`  ${signal}: finishing what runs …\n`);
        running.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error);
            process.exit(1);
          },
        );
      };
      process.on('SIGINT', () => stop('SIGINT'));
      process.on('SIGTERM', () => stop('SIGTERM'));
    });
}
