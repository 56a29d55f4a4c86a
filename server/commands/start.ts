// `formwork start`: database, tables, first administrator, workers, HTTP, demo records; stops gently on a signal.
import type { Command } from 'commander';
import type { RunningApplication } from '../app/start.ts';
import { type Config, publicUrl } from '../config.ts';
import { configOrExit } from './config-or-exit.ts';
import { orExit } from './or-exit.ts';
import { stopWhenTold } from './stop-when-told.ts';

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('Start the server, with everything it needs')
    .action(async () => {
      const config = configOrExit();
      const began = performance.now();
      // A word of what is wrong with the settings waits for nothing.
      const { startApplication } = await import('../app/start.ts');
      const running = await orExit(config, () => startApplication(config));
      stopWhenTold(running.stop, (why) => process.stdout.write(`  ${why}: finishing what runs …\n`));
      process.stdout.write(welcome(running, config, (performance.now() - began) / 1000));
    });
}

/** The address, and on the start that made the administrator how to sign in. */
export function welcome(
  { registry, firstAdmin, port }: Pick<RunningApplication, 'registry' | 'firstAdmin' | 'port'>,
  config: Pick<Config, 'publicUrl' | 'host' | 'demo'>,
  seconds: number,
): string {
  const name = registry.app.label['en'] ?? registry.app.name;
  const lines = [`${name} is ready at ${publicUrl(config, port)}  (${seconds.toFixed(1)} s)`];
  if (firstAdmin !== undefined) {
    const { email, password } = firstAdmin;
    lines.push(`Sign in as ${email}`);
    if (password === undefined) lines.push('with the password of FORMWORK_ADMIN_PASSWORD');
    else lines.push(`with the password ${password}   (shown only this once)`);
    if (config.demo) lines.push('Demo records follow in a few seconds');
  }
  return `\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
}
