// Who may read and change the metadata: rights beyond records, `metadata.read` and `metadata.write`.
import { isObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import type { Actor } from '../repository/actor.ts';
import type { Overreach } from './services.ts';

/** @throws problem `forbidden` */
export function requireReading(actor: Actor): void {
  if (actor.system('metadata.read') === false) throw problem('forbidden', { detail: 'You may not read the metadata.' });
}

/** @throws problem `forbidden` for those who may change nothing at all */
export function requireWriting(actor: Actor): void {
  if (actor.system('metadata.write') === false) throw problem('forbidden', { detail: 'You may not change the metadata.' });
}

/** Nobody grants rights that they lack. @throws problem `forbidden` with every role and workflow that would */
export function requireGranting(overreaching: readonly Overreach[]): void {
  if (overreaching.length === 0) return;
  throw problem('forbidden', {
    errors: overreaching.map(({ detail }) => ({ pointer: '/changes', code: 'forbidden', detail })),
  });
}

/** What `metadata.write: "custom"` allows anywhere: screens and automation. */
const anywhere = new Set(['Layout', 'View', 'Workflow', 'Dashboard'].flatMap((kind) => [`set${kind}`, `retire${kind}`]));
/** What it allows on entities that were made at run time. */
const onOwn =
  /^((change|rename|retire)Entity|(add|change|rename|retire)(Field|Relation)|(add|retire)Index|(set|retire)(Validation|Duplicate)Rule|setOptions)$/;

/**
 * Holds well-formed changes to how far the right goes.
 * @param registry the one that the changes start from
 * @throws problem `forbidden` with a pointer to each change that goes too far
 */
export function requireWritingOf(actor: Actor, registry: Registry, changes: unknown): void {
  requireWriting(actor);
  if (actor.system('metadata.write') === true || !Array.isArray(changes)) return;
  const made = new Set(
    [...registry.entities.values()]
      .filter(({ layer }) => layer === 'custom')
      .flatMap(({ name, singular, id }) => [name, singular, id]),
  );
  const errors: Issue[] = [];
  for (const [index, change] of changes.entries()) {
    if (isObject(change) && allowed(change, made)) continue;
    errors.push({ pointer: `/changes/${index}`, code: 'forbidden', detail: 'You may change only what was made at run time.' });
  }
  if (errors.length > 0) throw problem('forbidden', { errors });
}

/** Remembers in `made` the entities that come with the changes themselves, and their coming names. */
function allowed(change: Readonly<Record<string, unknown>>, made: Set<unknown>): boolean {
  const { op, entity, to } = change;
  if (typeof op !== 'string') return false;
  if (anywhere.has(op)) return true;
  if (op === 'addEntity') {
    if (isObject(entity)) made.add(entity['plural']).add(entity['name']);
    made.delete(undefined);
    return true;
  }
  if (!onOwn.test(op) || !made.has(entity)) return false;
  if (op === 'renameEntity') made.add(to);
  return true;
}
