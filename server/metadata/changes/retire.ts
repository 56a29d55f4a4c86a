// Takes things out of use: refused while something needs them, or loses a part with them and nobody said that it may.
import type { Issue } from '../../problem.ts';
import { isObject, type JsonObject } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import { impactAt } from '../uses/impact.ts';
import { keyOf, type Owner, type Reference } from '../uses/reference.ts';
import { retiredKeys } from '../uses/retired.ts';
import { type Named, namedTarget } from '../uses/targets.ts';
import { retirementOf, withoutPlaces } from '../uses/withdrawals.ts';
import { Refused } from './refusal.ts';
import { keyOfOwner } from './rename.ts';
import { putObject, removeObject, type Step, type Work } from './work.ts';
import { registryOf } from './work-registry.ts';

/**
 * Makes sure that nothing is left naming the things; with `cascade` by taking away what can go with them.
 * The things themselves are the caller's to take away, before or after.
 * @throws Refused with every place that stands against it
 */
export function withdrawUses(step: Step<{ readonly cascade?: boolean }>, things: readonly Named[]): void {
  const registry = registryOf(step);
  const keys = retiredKeys(registry, things);
  const isOf = ({ target }: Reference): boolean => keys.has(keyOf(target));
  const { withdrawals, broken } = retirementOf(registry, [...things, ...stillToGo(step, registry)]);
  const against = broken.filter(isOf);
  const losing = withdrawals.filter(({ uses }) => uses.some(isOf));
  const issues = [
    ...against.map((use) => issueAt(step, use.owner, 'broken', use.pointer, [use])),
    ...(step.change.cascade === true ? [] : losing.map((part) => issueAt(step, part.owner, 'removed', part.pointer, part.uses))),
  ];
  if (issues.length > 0) throw new Refused(issues);
  const byOwner = new Map<string, string[]>();
  for (const { owner, pointer } of losing) byOwner.set(keyOfOwner(owner), [...(byOwner.get(keyOfOwner(owner)) ?? []), pointer]);
  for (const [key, pointers] of byOwner) takeAway(step.work, key, pointers);
}

function issueAt(
  { pointer: at }: Step<unknown>,
  owner: Owner,
  effect: 'broken' | 'removed',
  pointer: string,
  uses: readonly Reference[],
): Issue {
  const advice = effect === 'broken' ? 'Change it first.' : 'With "cascade": true it goes along.';
  return { pointer: at, code: 'in_use', detail: `${impactAt({ owner }, effect, pointer, uses).detail} ${advice}` };
}

function takeAway(work: Work, key: string, pointers: readonly string[]): void {
  const object = work.objects.get(key);
  if (object === undefined) return;
  if (pointers.includes('')) removeObject(work, object);
  else putObject(work, { ...object, value: withoutPlaces<JsonObject>(object.value, pointers) });
}

const retiring: Readonly<Record<string, Exclude<Named['kind'], 'field' | 'relation' | 'option'>>> = {
  retireEntity: 'entity',
  retireOptionSet: 'optionSet',
  retireRole: 'role',
  retireLayout: 'layout',
  retireView: 'view',
  retireDashboard: 'dashboard',
  retireWorkflow: 'workflow',
};

/** What later changes of the same request retire: the order in which things go means nothing. */
function stillToGo({ changes, index }: Step<unknown>, registry: Registry): readonly Named[] {
  return changes.slice(index + 1).flatMap((change): readonly Named[] => {
    const named = isObject(change) ? namedBy(change) : undefined;
    return named !== undefined && namedTarget(registry, named) !== undefined ? [named] : [];
  });
}

function namedBy({ op, entity, name }: JsonObject): Named | undefined {
  const kind = typeof op === 'string' && Object.hasOwn(retiring, op) ? retiring[op] : undefined;
  if (kind !== undefined) return { kind, name: String(kind === 'entity' ? entity : name) };
  const member = op === 'retireField' ? 'field' : op === 'retireRelation' ? 'relation' : undefined;
  return member && { kind: member, entity: String(entity), name: String(name) };
}
