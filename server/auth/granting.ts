// Nobody gives away rights that they lack: which roles somebody may give to users, invitations, API keys and workflows.
import type { Grant, Registry } from '../metadata/registry.ts';
import type { AccessLevel, RoleMetadata } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { mayWrite } from '../repository/input-field.ts';
import { allRights, rightsOf, withExtended } from './rights.ts';
import { secondFactorRight } from './second-factor-duty.ts';

/** @returns of the roles (by name), those that the actor may not give away */
export const mayGrant = (registry: Registry, actor: Actor, roles: readonly string[]): readonly string[] =>
  roles.filter((role) => !covers(registry, actor, role, registry));

/**
 * Whether everything that the role grants is the actor's own: they hold it, or their rights reach at least as far, entity by
 * entity and right by right.
 * @param of the registry that has the role, when it is another one than the actor's
 */
export function covers(registry: Registry, actor: Actor, role: string, of: Registry): boolean {
  const roles = withExtended(of, [role]);
  const held = withExtended(registry, actor.roles);
  if (roles.length > 0 && roles.every((one) => held.some((other) => same(one, other)))) return true;
  const { grants } = rightsOf(of, [role]);
  const records = [...of.entities.keys()].every((entity) =>
    allRights.every((right) =>
      grants(entity, right).every((grant) => reaches(actor.grants(entity, right), grant, fieldsOf(of, entity))),
    ),
  );
  return records && roles.every(({ system = {} }) => Object.entries(system).every(([name, word]) => beyond(actor, name, word)));
}

const same = (left: RoleMetadata, right: RoleMetadata): boolean =>
  left === right || (left.id === right.id && JSON.stringify(left) === JSON.stringify(right));

const levels: readonly AccessLevel[] = ['none', 'own', 'team', 'all'];
const fieldsOf = (registry: Registry, entity: string): readonly string[] => [
  ...(registry.entities.get(entity)?.fields.keys() ?? []),
];

/** One of the actor's own grants reaches every record of the other, with every field of it. */
const reaches = (own: readonly Grant[], other: Grant, fields: readonly string[]): boolean =>
  own.some(
    (grant) =>
      levels.indexOf(grant.level) >= levels.indexOf(other.level) &&
      (grant.filter === undefined || JSON.stringify(grant.filter) === JSON.stringify(other.filter)) &&
      fields.every((name) => openness(grant, name) >= openness(other, name) && mayWrite(grant, name) >= mayWrite(other, name)),
  );

const openness = ({ fields }: Grant, name: string): number =>
  fields[name]?.read === false ? 0 : fields[name]?.read === 'masked' ? 1 : 2;

/** Rights beyond records: wholly, or as far as the role's own word. */
function beyond(actor: Actor, name: string, word: unknown): boolean {
  // Limits and duties are no rights.
  if (word === false || name === secondFactorRight || (typeof word === 'object' && word !== null)) return true;
  const own = actor.system(name);
  return own === true || own === word;
}

/**
 * What of changed metadata would give rights that whoever changes them lacks: a role beyond their own rights, a workflow that
 * runs as such a role, or as the system for somebody who may not change all of the metadata.
 */
export function overreaching(actor: Actor, base: Registry, wanted: Registry): readonly Overreach[] {
  const roles = [...wanted.roles.values()].filter((role) => {
    const before = [...base.roles.values()].find(({ id }) => id === role.id);
    return (before === undefined || !same(before, role)) && !covers(base, actor, role.name, wanted);
  });
  const workflows = wanted.workflows.filter((workflow) => {
    const { runAs = 'actor' } = workflow;
    const before = base.workflows.find(({ id }) => id === workflow.id);
    if (runAs === 'actor' || JSON.stringify(before) === JSON.stringify(workflow)) return false;
    return runAs === 'system' ? actor.system('metadata.write') !== true : !covers(base, actor, runAs, wanted);
  });
  return [
    ...roles.map(({ name }) => ({ kind: 'role' as const, name, detail: `The role "${name}" would have rights that you lack.` })),
    ...workflows.map(({ name, runAs }) => ({
      kind: 'workflow' as const,
      name,
      detail: `The workflow "${name}" would run with rights that you lack (${runAs}).`,
    })),
  ];
}

export interface Overreach {
  readonly kind: 'role' | 'workflow';
  readonly name: string;
  readonly detail: string;
}
