// The list of system migrations, in the order in which they are applied.
import * as system from './0001_system.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [{ name: '0001_system', up: system.up, down: system.down }];
