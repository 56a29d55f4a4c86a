// Dotted paths (`account.industry`, `-address.city`, `month(due_on)`): each segment names something of its own.
import { stepsOf } from '../pointer.ts';
import type { Entity, Field, Registry } from '../registry.ts';
import { asKey, namedAt, type Use } from './reference.ts';
import { fieldTarget, relationTarget } from './targets.ts';

export interface ReadPath {
  readonly uses: readonly Use[];
  /** The field that it ends in, when it means the field itself and not a part of it. */
  readonly field?: Field;
}

/** What may stand before a path: an order, the time before the change, a period. */
const before = /^-|^previous\.|^[a-z]+\(/;

/** Where a path stands inside of a longer text. */
export interface Within {
  readonly text: string;
  readonly start: number;
}

export function pathUses(
  registry: Registry,
  entity: Entity,
  pointer: string,
  path: string,
  within: Within = { text: path, start: 0 },
): ReadPath {
  const uses: Use[] = [];
  let at = entity;
  let start = before.exec(path)?.[0].length ?? 0;
  const segments = path.slice(start).replace(/\)$/, '').split('.');
  for (const [index, segment] of segments.entries()) {
    const field = at.fields.get(segment);
    if (field !== undefined) {
      uses.push(namedAt(pointer, within.text, fieldTarget(at, field), within.start + start));
      return index === segments.length - 1 ? { uses, field } : { uses };
    }
    const relation = at.relations.get(segment);
    if (relation === undefined) break;
    uses.push(namedAt(pointer, within.text, relationTarget(at, relation), within.start + start));
    const target = 'target' in relation ? registry.entities.get(relation.target) : undefined;
    if (target === undefined) break;
    at = target;
    start += segment.length + 1;
  }
  return { uses };
}

/** A path that is the last key of the pointer. */
export function keyPathUses(registry: Registry, entity: Entity, pointer: string): ReadPath {
  const read = pathUses(registry, entity, pointer, stepsOf(pointer).at(-1) ?? '');
  return { ...read, uses: asKey(read.uses) };
}

/** A list of paths, each at its place below the pointer. */
export const pathListUses = (
  registry: Registry,
  entity: Entity,
  pointer: string,
  paths: readonly string[] | undefined,
): readonly Use[] => (paths ?? []).flatMap((path, at) => pathUses(registry, entity, `${pointer}/${at}`, path).uses);
