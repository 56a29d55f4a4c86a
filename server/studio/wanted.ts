// Asked changes → the metadata as they would be, checked; from the newest published registry, or refused as stale.
import { applyChanges } from '../metadata/changes/apply-changes.ts';
import type { ChangeResult } from '../metadata/changes/types.ts';
import { isObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import { type Issue, type Problem, problem } from '../problem.ts';
import type { Objection, StudioServices } from './services.ts';

export interface Wanted {
  readonly base: Registry;
  readonly registry: Registry;
  readonly result: ChangeResult;
}

/**
 * The newest published registry; this process serves it from now on.
 * @param asked the version that the caller looked at
 * @throws problem `conflict` when that is no longer the newest, with `current` and Retry-After
 */
export async function baseOf(services: Pick<StudioServices, 'refresh' | 'registry'>, asked?: number): Promise<Registry> {
  await services.refresh();
  const base = services.registry.current();
  if (asked !== undefined && asked !== base.number) throw stale(base.number, asked);
  return base;
}

export const stale = (current: number, asked: number): Problem =>
  problem('conflict', {
    detail: `The metadata are at version ${current}, not ${asked}. Look at what changed, then ask again.`,
    headers: { 'Retry-After': '1' },
    extra: { current },
  });

/** @throws problem `validation_failed` with a pointer into `changes` for everything that is wrong with them */
export async function wantedOf(services: StudioServices, base: Registry, changes: unknown): Promise<Wanted> {
  const result = await applyChanges(base, changes);
  if (result.issues.length > 0) throw problem('validation_failed', { errors: result.issues });
  const { registry } = result;
  const objections = services.objections(registry);
  if (objections.length > 0)
    throw problem('validation_failed', { errors: objections.map((objection) => asIssue(objection, registry, changes)) });
  return { base, registry, result };
}

/** What is asked of the versions for them, but for who asks and why. */
export const requestFor = ({ base, registry, result }: Wanted, changes: unknown) => ({
  ...{ data: result.data, names: result.names, emptyUnconvertible: result.emptyUnconvertible },
  ...{ wanted: registry, baseVersion: base.number, kind: 'change' as const, changes },
});

/** In the change that sets the workflow; one that none of them sets has been made wrong by all of them. */
function asIssue({ workflow: id, pointer, detail }: Objection, registry: Registry, changes: unknown): Issue {
  const name = registry.workflows.find((workflow) => workflow.id === id)?.name;
  const isIt = (value: unknown): boolean => value !== undefined && (value === id || value === name);
  const list = Array.isArray(changes) ? (changes as unknown[]) : [];
  for (const [index, change] of list.entries()) {
    if (!isObject(change) || change['op'] !== 'setWorkflow') continue;
    const { workflow } = change;
    if (isObject(workflow) && (isIt(workflow['id']) || isIt(workflow['name'])))
      return { pointer: `/changes/${index}/workflow${pointer}`, code: 'workflow', detail };
    if (isIt(change['name'])) return { pointer: `/changes/${index}/set${pointer}`, code: 'workflow', detail };
  }
  return { pointer: '/changes', code: 'workflow', detail: `Workflow ${name ?? id}, ${pointer}: ${detail}` };
}
