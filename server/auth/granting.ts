// Nobody gives away rights that they lack: which roles somebody may give to users, invitations, API keys and workflows.
import type { Entity, Grant, Registry } from '../metadata/registry.ts';
import type { AccessLevel, RoleMetadata, WorkflowMetadata } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { mayWrite } from '../repository/input-field.ts';
import { allRights, rightsOf, withExtended } from './rights.ts';
import { secondFactorRight } from './second-factor-duty.ts';
import { usersEntity } from './users.ts';

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
  const { unswitched: giver = actor } = actor;
  const records = [...of.entities.keys(), ...stars].every((entity) =>
    allRights.every((right) =>
      grants(entity, right).every((grant) => reaches(giver.grants(entity, right), grant, fieldsOf(of, entity))),
    ),
  );
  return records && roles.every(({ system = {} }) => Object.entries(system).every(([name, word]) => beyond(actor, name, word)));
}

/** What the role says of entities that are yet to come. */
const stars = ['*', '*custom'];

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

/** Entities and fields that the steps of a workflow write; `anything` where they cannot tell. */
export type WrittenFields = (
  workflow: WorkflowMetadata,
) => readonly { readonly entity: string; readonly field: string }[] | 'anything';

/**
 * What of changed metadata would give rights that whoever changes them lacks: a role beyond their own rights; a workflow that
 * runs as such a role, as the system for somebody who may not change all of the metadata, or that has others write what its
 * maker may not; an entity whose records would belong to others, or tell others of closed fields.
 */
export function overreaching(asking: Actor, base: Registry, wanted: Registry, written: WrittenFields): readonly Overreach[] {
  const { unswitched: actor = asking } = asking;
  const roles = [...wanted.roles.values()].filter((role) => {
    const before = [...base.roles.values()].find(({ id }) => id === role.id);
    return (before === undefined || !same(before, role)) && !covers(base, actor, role.name, wanted);
  });
  const workflows = wanted.workflows.filter((workflow) => {
    const { runAs = 'actor' } = workflow;
    const before = base.workflows.find(({ id }) => id === workflow.id);
    if (JSON.stringify(before) === JSON.stringify(workflow)) return false;
    if (runAs === 'system' ? actor.system('metadata.write') !== true : runAs !== 'actor' && !covers(base, actor, runAs, wanted))
      return true;
    const fields = written(workflow);
    if (fields === 'anything') return actor.system('metadata.write') !== true;
    return fields.some(({ entity, field }) => !mayWriteAny(actor, base, wanted, entity, field));
  });
  const entities = [...wanted.entities.values()].filter((entity) => {
    const before = [...base.entities.values()].find(({ id }) => id === entity.id);
    return before !== undefined && belonging(base, before) !== belonging(wanted, entity) && !seesWholly(actor, base, before.name);
  });
  return [
    ...roles.map(({ name }) => ({ kind: 'role' as const, name, detail: `The role "${name}" would have rights that you lack.` })),
    ...workflows.map(({ name, runAs = 'actor' }) => ({
      kind: 'workflow' as const,
      name,
      detail: `The workflow "${name}" would run with rights that you lack (${runAs}).`,
    })),
    ...entities.map(({ name }) => ({
      kind: 'entity' as const,
      name,
      detail: `Whose the records of ${name} are is for those to say who may read all of them.`,
    })),
  ];
}

export interface Overreach {
  readonly kind: 'role' | 'workflow' | 'entity';
  readonly name: string;
  readonly detail: string;
}

/**
 * Whether somebody could write the field of every record themselves. A workflow writes it of any record that it is set off
 * by, with the rights of whoever does that: what its maker may not do, they must not have others do unawares. To write users
 * is to give roles.
 */
function mayWriteAny(actor: Actor, base: Registry, wanted: Registry, entityName: string, field: string): boolean {
  // Under the name that its rights stand under now.
  const id = wanted.entities.get(entityName)?.id;
  const entity = [...base.entities.values()].find((other) => other.id === id);
  const grants = actor.grants(entity?.name ?? '*custom', 'update');
  if (!grants.some((grant) => grant.level === 'all' && grant.filter === undefined && mayWrite(grant, field))) return false;
  return entityName !== usersEntity || mayGrant(base, actor, [...base.roles.keys()]).length === 0;
}

/** What decides whose records are, and what they tell of others; by ids, which stay when names change. */
function belonging(registry: Registry, { meta, fields, relations }: Entity): string {
  const { owner, team, through } = meta.ownership ?? {};
  const relation = relations.get(through ?? '');
  const target = relation === undefined || !('target' in relation) ? undefined : registry.entities.get(relation.target);
  const idOf = (field: string | undefined) => fields.get(field ?? '')?.meta.id ?? field;
  const about = Object.entries(meta.about ?? {}).map(([name, said]) => [
    idOf(name),
    relations.get(said.relation)?.id,
    said.tells,
  ]);
  return JSON.stringify([idOf(owner), idOf(team), relation?.id, target?.id, about.sort()]);
}

const seesWholly = (actor: Actor, registry: Registry, entity: string): boolean =>
  actor.sees(registry).entities.get(entity) === registry.entities.get(entity) &&
  actor.grants(entity, 'read').some(({ level, filter }) => level === 'all' && filter === undefined);
