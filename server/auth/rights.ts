// What a set of roles may do: the union of their grants and of the roles that they extend.
import { perRegistry, type Registry } from '../metadata/registry.ts';
import type { AccessLevel, EntityGrant, Operation, RoleMetadata } from '../metadata/types.ts';
import type { SystemGrant } from '../repository/actor.ts';

const order: readonly AccessLevel[] = ['none', 'own', 'team', 'all'];

export type Access = (entity: string, operation: Operation) => AccessLevel;

const known = perRegistry(() => new Map<string, Access>());

/** Rights of a user with these roles (by name). A role that does not exist grants nothing. */
export function accessOf(registry: Registry, roles: readonly string[]): Access {
  const cache = known(registry);
  const key = [...roles].sort().join(' ');
  const made = cache.get(key) ?? compile(registry, roles);
  cache.set(key, made);
  return made;
}

function compile(registry: Registry, names: readonly string[]): Access {
  const roles = withExtended(registry, names);
  const levels = new Map<string, AccessLevel>();
  return (entity, operation) => {
    const key = `${entity} ${operation}`;
    const level = levels.get(key) ?? roles.map((role) => levelIn(role, entity, operation)).reduce(higher, 'none');
    levels.set(key, level);
    return level;
  };
}

/** Rights beyond records of a user with these roles; the one that goes farthest counts. */
export function systemRightsOf(registry: Registry, names: readonly string[]): (right: string) => SystemGrant {
  const roles = withExtended(registry, names);
  return (right) => {
    const grants = roles.map(({ system = {} }) => (Object.hasOwn(system, right) ? system[right] : false));
    if (grants.includes(true)) return true;
    const words = grants.filter((grant) => typeof grant === 'string');
    return words.find((word) => word === 'all') ?? words[0] ?? false;
  };
}

/** The roles and all that they extend, each once; `extends` holds ids, users hold names, both are found. */
function withExtended(registry: Registry, names: readonly string[]): readonly RoleMetadata[] {
  const found = new Set<RoleMetadata>();
  const visit = (name: string): void => {
    const role =
      registry.roles.get(name) ?? [...registry.roles.values()].find((other) => other.name === name || other.id === name);
    if (role === undefined || found.has(role)) return;
    found.add(role);
    for (const parent of role.extends ?? []) visit(parent);
  };
  for (const name of names) visit(name);
  return [...found];
}

/** Within one role, an entity that is named does not look at `*`. */
function levelIn(role: RoleMetadata, entity: string, operation: Operation): AccessLevel {
  const grant = Object.hasOwn(role.entities, entity) ? role.entities[entity] : role.entities['*'];
  return grant === undefined ? 'none' : levelOf(grant, operation);
}

function levelOf(grant: EntityGrant, operation: Operation): AccessLevel {
  switch (operation) {
    case 'create':
    case 'import':
    case 'export':
      return grant[operation] === true ? 'all' : 'none';
    // Merging changes one record and deletes another: whoever may do both may merge.
    case 'merge':
      return lower(grant.update ?? 'none', grant.delete ?? 'none');
    default:
      return grant[operation] ?? 'none';
  }
}

const higher = (a: AccessLevel, b: AccessLevel): AccessLevel => (order.indexOf(a) >= order.indexOf(b) ? a : b);
const lower = (a: AccessLevel, b: AccessLevel): AccessLevel => (order.indexOf(a) <= order.indexOf(b) ? a : b);
