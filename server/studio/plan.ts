// What a change would do: steps with their SQL, what the data have against it, and everything that it touches. Changes nothing.
import { breakingChanges } from '../metadata/breaking.ts';
import { compareMetadata } from '../metadata/compare.ts';
import { impactOf } from '../metadata/uses/impact.ts';
import type { Actor } from '../repository/actor.ts';
import { planVersion } from '../versions/plan-version.ts';
import { plannedStep } from './answers.ts';
import { requireGranting, requireReading, requireWritingOf } from './rights.ts';
import type { StudioServices } from './services.ts';
import { baseOf, requestFor, wantedOf } from './wanted.ts';

export interface PlanRequest {
  readonly actor: Actor;
  readonly changes: unknown;
  readonly baseVersion?: number;
}

/** @throws problems `forbidden`, `validation_failed` with pointers into the changes, `conflict` for a stale base version */
export async function planOf(services: StudioServices, { actor, changes, baseVersion }: PlanRequest) {
  requireReading(actor);
  const base = await baseOf(services, baseVersion);
  requireWritingOf(actor, base, changes);
  const wanted = await wantedOf(services, base, changes);
  const { registry, result } = wanted;
  requireGranting(services.overreaching(actor, base, registry));
  const plan = await planVersion(services.versions, { ...requestFor(wanted, changes), author: null, reason: null });
  return {
    base_version: plan.baseVersion,
    version_hash: registry.version,
    steps: plan.steps.map(plannedStep),
    blockers: plan.blockers,
    impact: impactOf(base, result.touched),
    breaking: breakingChanges(base, registry),
    difference: compareMetadata(base, registry),
  };
}
