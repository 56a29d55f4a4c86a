// What going back to an earlier version would do: which versions it takes back, by which steps, and what becomes of the data.
import { breakingChanges } from '../metadata/breaking.ts';
import { compareMetadata } from '../metadata/compare.ts';
import { problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import { stillToRevert } from '../versions/chain.ts';
import { versionOf, versionsOf } from '../versions/history.ts';
import type { StepProgress, VersionDetail } from '../versions/request.ts';
import { registryOf } from './history.ts';
import { requireReading } from './rights.ts';
import type { StudioServices } from './services.ts';
import { baseOf } from './wanted.ts';

/** @throws problem `not_found` for a version that never was or is not in force, `conflict` for a stale base version */
export async function planRollback(services: StudioServices, { actor }: Context, to: number, baseVersion?: number) {
  requireReading(actor);
  const base = await baseOf(services, baseVersion);
  const inForce = (await versionsOf(services.versions)).filter(({ status }) => status !== 'undone');
  if (!inForce.some(({ number }) => number === to)) throw problem('not_found', { detail: `Version ${to} is not in force.` });
  const target = await registryOf(services, to);
  const reverted: VersionDetail[] = [];
  const oldestFirst = [...inForce].sort((a, b) => a.number - b.number);
  for (const { number } of stillToRevert(oldestFirst, to)) {
    const version = await versionOf(services.versions, number);
    if (version !== undefined) reverted.push(version);
  }
  return {
    base_version: base.number,
    to,
    reverts: reverted.map(({ number }) => number),
    steps: reverted.flatMap((version) =>
      // What has nothing to do on the way back is kept for the way back of that only.
      [...version.steps]
        .reverse()
        .map((step) => ({ version: version.number, ...back(step) }))
        .filter(({ up }) => up.length > 0),
    ),
    caveats: reverted.flatMap((version) => version.steps.flatMap((step) => caveat(version.number, step))),
    breaking: breakingChanges(base, target),
    difference: compareMetadata(base, target),
  };
}

const phases = { expand: 'settle', prepare: 'swap', swap: 'prepare', settle: 'expand' } as const;

/** A step the other way round. */
const back = (step: StepProgress) => ({
  kind: step.kind,
  phase: phases[step.phase],
  entity: step.entity,
  description: `Back: ${step.description}`,
  up: step.down,
  down: step.up,
  lock: step.lock,
  cost: step.cost,
});

const addedSince = 'Values written there since are set aside and kept until they are purged; a later change can bring them back.';
const caveats: Readonly<Record<string, string>> = {
  createTable: addedSince,
  addColumn: addedSince,
  retireTable: 'Comes back with the records that it had.',
  retireColumn: 'Comes back with the values that it had; records made since have none there.',
  dropRetired: 'Was dropped for good: it comes back empty.',
};

function caveat(version: number, { kind, entity, description }: StepProgress) {
  const detail = Object.hasOwn(caveats, kind) ? caveats[kind] : undefined;
  return detail === undefined ? [] : [{ version, kind, entity, subject: description, detail }];
}
