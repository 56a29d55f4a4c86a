// `fields=` and `include=` → a selection, checked against the entity.

import { didYouMean } from '../conditions/did-you-mean.ts';
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Include, Selection } from './ast.ts';

/** Relations below relations that one read may follow. */
export const maxIncludeDepth = 3;

export const everything: Selection = { fields: null, include: [] };

/** Records a to-many include brings when nobody says how many. */
export const includeLimit = 20;

/** `fields` like `id,name`, `include` like `owner,account.owner`; either may be undefined. */
export function parseSelection(
  registry: Registry,
  entity: Entity,
  input: { readonly fields?: string | undefined; readonly include?: string | undefined },
  pointers: { readonly fields: string; readonly include: string },
  issues: Issue[],
): Selection {
  return {
    fields: input.fields === undefined ? null : fieldList(entity, input.fields, pointers.fields, issues),
    include:
      input.include === undefined ? [] : includeTree(registry, entity, splitList(input.include), pointers.include, issues, 1),
  };
}

const splitList = (text: string): string[] => [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

function fieldList(entity: Entity, text: string, pointer: string, issues: Issue[]): readonly string[] {
  const readable = [...entity.fields.values()]
    .filter((field) => !field.hidden && field.type.secret !== true)
    .map((field) => field.name);
  const names = splitList(text);
  for (const name of names) {
    if (!readable.includes(currentMember(entity, name))) {
      issues.push({
        pointer,
        code: 'unknown_field',
        detail: `${entity.name} has no field "${name}".${didYouMean(name, readable)}`,
      });
    }
  }
  return names;
}

function includeTree(
  registry: Registry,
  entity: Entity,
  paths: readonly string[],
  pointer: string,
  issues: Issue[],
  depth: number,
): readonly Include[] {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.');
    const known = below.get(head) ?? [];
    if (rest.length > 0) known.push(rest.join('.'));
    below.set(head, known);
  }
  const includes: Include[] = [];
  for (const [name, rest] of below) {
    const relation = entity.relations.get(currentMember(entity, name));
    if (relation === undefined) {
      issues.push({
        pointer,
        code: 'unknown_relation',
        detail: `${entity.name} has no relation "${name}".${didYouMean(name, entity.relations.keys())}`,
      });
      continue;
    }
    const target = relation.kind === 'belongsToAny' ? undefined : registry.entities.get(relation.target);
    if (rest.length > 0 && (target === undefined || depth === maxIncludeDepth)) {
      const why = target === undefined ? 'records of several kinds include nothing further' : `at most ${maxIncludeDepth} levels`;
      issues.push({ pointer, code: 'include_depth', detail: `Cannot include "${name}.${rest[0]}": ${why}.` });
      continue;
    }
    const include =
      target === undefined || rest.length === 0 ? [] : includeTree(registry, target, rest, pointer, issues, depth + 1);
    includes.push({ as: name, relation: relation.name, selection: { fields: null, include } });
  }
  return includes;
}
