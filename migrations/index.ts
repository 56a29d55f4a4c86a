// The list of system migrations, in the order in which they are applied.
import * as system from './0001_system.ts';
import * as liveChange from './0002_live_change.ts';
import * as foreseen from './0003_foreseen.ts';
import * as signIn from './0004_sign_in.ts';
import * as computed from './0005_computed.ts';
import * as files from './0006_files.ts';
import * as merges from './0007_merges.ts';
import * as answeredRights from './0008_answered_rights.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  { name: '0001_system', up: system.up, down: system.down },
  { name: '0002_live_change', up: liveChange.up, down: liveChange.down },
  { name: '0003_foreseen', up: foreseen.up, down: foreseen.down },
  { name: '0004_sign_in', up: signIn.up, down: signIn.down },
  { name: '0005_computed', up: computed.up, down: computed.down },
  { name: '0006_files', up: files.up, down: files.down },
  { name: '0007_merges', up: merges.up, down: merges.down },
  { name: '0008_answered_rights', up: answeredRights.up, down: answeredRights.down },
];
