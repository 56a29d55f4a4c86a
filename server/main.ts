#!/usr/bin/env node
// The command line: the list of commands, each in a file of its own.
import { Command } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { breakingCommand } from './commands/breaking.ts';
import { demoCommand } from './commands/demo.ts';
import { diffCommand } from './commands/diff.ts';
import { driftCommand } from './commands/drift.ts';
import { exportCommand } from './commands/export.ts';
import { exportMetadataCommand } from './commands/export-metadata.ts';
import { importCommand } from './commands/import.ts';
import { migrateCommand } from './commands/migrate.ts';
import { planCommand } from './commands/plan.ts';
import { purgeRetiredCommand } from './commands/purge-retired.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { simulateRoleCommand } from './commands/simulate-role.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { typesCommand } from './commands/types.ts';
import { workerCommand } from './commands/worker.ts';

const program = new Command('formwork').description(
  'A metadata-driven platform: JSON becomes tables, APIs, forms and automation.',
);

const commands = [
  startCommand,
  workerCommand,
  planCommand,
  migrateCommand,
  rollbackCommand,
  statusCommand,
  simulateRoleCommand,
  purgeRetiredCommand,
  importCommand,
  exportCommand,
  exportMetadataCommand,
  demoCommand,
  diffCommand,
  driftCommand,
  applyCommand,
  typesCommand,
  breakingCommand,
];
for (const add of commands) add(program);

await program.parseAsync();
