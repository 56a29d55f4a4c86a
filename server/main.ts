#!/usr/bin/env node
// The command line: the list of commands, each in a file of its own.
import { Command } from 'commander';

type Add = (program: Command) => void;

/** A command loads what it needs: most need no HTTP, no GraphQL, no jobs. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  worker: async () => (await import('./commands/worker.ts')).workerCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  rollback: async () => (await import('./commands/rollback.ts')).rollbackCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  'simulate-role': async () => (await import('./commands/simulate-role.ts')).simulateRoleCommand,
  'purge-retired': async () => (await import('./commands/purge-retired.ts')).purgeRetiredCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  'export-metadata': async () => (await import('./commands/export-metadata.ts')).exportMetadataCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  duplicates: async () => (await import('./commands/duplicates.ts')).duplicatesCommand,
  diff: async () => (await import('./commands/diff.ts')).diffCommand,
  drift: async () => (await import('./commands/drift.ts')).driftCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  apply: async () => (await import('./commands/apply.ts')).applyCommand,
  types: async () => (await import('./commands/types.ts')).typesCommand,
  breaking: async () => (await import('./commands/breaking.ts')).breakingCommand,
};

const program = new Command('formwork').description(
  'A metadata-driven platform: JSON becomes tables, APIs, forms and automation.',
);

const [, , asked = ''] = process.argv;
// Help, and a word that is no command, are answered with all of them in view.
const names = Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands);
for (const name of names) {
  const add = await commands[name]?.();
  add?.(program);
}

await program.parseAsync();
