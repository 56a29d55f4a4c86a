// How the rights that roles really give differ between two states of the metadata, whatever was changed to bring that about.
import type { Grant, Registry } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import { allRights, rightsOf } from './rights.ts';

export interface RightsDifference {
  readonly role: string;
  readonly entity: string;
  readonly right: Right;
  /** `none`, `team`, `all within a filter, 2 fields closed` … */
  readonly before: string;
  readonly after: string;
}

/**
 * Role by role, with what it extends: also where the role itself is as it was, and an entity came or went, or one of the
 * roles that it extends changed.
 */
export function rightsDifferences(from: Registry, to: Registry): readonly RightsDifference[] {
  const roles = [...new Set([...from.roles.keys(), ...to.roles.keys()])];
  const entities = [...new Set([...from.entities.keys(), ...to.entities.keys()])];
  return roles.flatMap((role) => {
    const [left, right] = [saidIn(from, role), saidIn(to, role)];
    return entities.flatMap((entity) =>
      allRights.flatMap((asked) => {
        const [before, after] = [left(entity, asked), right(entity, asked)];
        return key(before) === key(after) ? [] : [{ role, entity, right: asked, before: said(before), after: said(after) }];
      }),
    );
  });
}

const saidIn = (registry: Registry, role: string) => {
  const { grants } = rightsOf(registry, [role]);
  return (entity: string, right: Right): readonly Grant[] => (registry.entities.has(entity) ? grants(entity, right) : []);
};

const key = (grants: readonly Grant[]): string =>
  JSON.stringify(grants.map(({ level, filter, fields }) => [level, filter ?? null, fields]));

/** In words; several grants add up. */
export const said = (grants: readonly Grant[]): string => (grants.length === 0 ? 'none' : grants.map(one).join(', or '));

function one({ level, filter, fields }: Grant): string {
  const of = (word: (field: Grant['fields'][string]) => boolean): number => Object.values(fields).filter(word).length;
  const parts = [
    [of(({ read }) => read === false), 'closed'],
    [of(({ read }) => read === 'masked'), 'masked'],
    [of(({ read, write }) => (read ?? true) === true && write === false), 'locked'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [
    filter === undefined ? level : `${level} within a filter`,
    ...(told.length === 0 ? [] : [`(fields: ${told.join(', ')})`]),
  ].join(' ');
}
