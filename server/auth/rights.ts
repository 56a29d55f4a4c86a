// What a set of roles may do: the union of their grants and of the roles that they extend.
import { createHash } from 'node:crypto';
import { type Entity, type Grant, perRegistry, type Registry } from '../metadata/registry.ts';
import type { AccessLevel, EntityGrant, GrantedLevel, Right, RoleMetadata } from '../metadata/types.ts';
import type { SystemGrant } from '../repository/actor.ts';
import { canonical } from '../repository/records.ts';

export const allRights: readonly Right[] = [
  'create',
  'read',
  'update',
  'delete',
  'restore',
  'purge',
  'export',
  'import',
  'massChange',
  'merge',
  'assign',
];

const order: readonly AccessLevel[] = ['none', 'own', 'team', 'all'];

/** The rights of some roles in one registry. */
export interface Rights {
  /** The same for the same roles, whatever their order. */
  readonly key: string;
  /** SHA-256 of what the roles say, hex: another one as soon as any of them is changed. */
  readonly digest: string;
  /** The highest level that any of the roles grants; how far it really goes is for the grants to say. */
  access(entity: string, right: Right): AccessLevel;
  /** Each role's word, those that say `none` left out. Together they grant the union of their rows. */
  grants(entity: string, right: Right): readonly Grant[];
  /** How many records one export may hold, by the role that goes farthest; undefined: any number. */
  exportLimit(entity: string): number | undefined;
  /** Rights beyond records; the one that goes farthest counts. */
  system(right: string): SystemGrant;
  /** Operations that no entity offers, because their feature is off; absent: none. */
  readonly notOffered?: ReadonlySet<Right>;
}

const known = perRegistry(() => new Map<string, Rights>());

/** Rights of a user with these roles (by name). A role that does not exist grants nothing. */
export function rightsOf(registry: Registry, roles: readonly string[]): Rights {
  const cache = known(registry);
  const key = [...new Set(roles)].sort().join(' ');
  const made = cache.get(key) ?? compile(registry, roles, key);
  cache.set(key, made);
  return made;
}

function compile(registry: Registry, names: readonly string[], key: string): Rights {
  const roles = withExtended(registry, names);
  const found = new Map<string, readonly Grant[]>();
  const grants = (entity: string, right: Right): readonly Grant[] => {
    const place = `${entity} ${right}`;
    const made = found.get(place) ?? roles.flatMap((role) => grantOf(role, registry.entities.get(entity), entity, right));
    found.set(place, made);
    return made;
  };
  return {
    key,
    digest: createHash('sha256').update(canonical(roles)).digest('hex'),
    grants,
    access: (entity, right) =>
      grants(entity, right)
        .map(({ level }): AccessLevel => level)
        .reduce(higher, 'none'),
    exportLimit: (entity) => {
      const granting = roles.filter((role) => grantOf(role, registry.entities.get(entity), entity, 'export').length > 0);
      const limits = granting.map(({ system = {} }) => (system['export'] as { readonly maxRows?: number } | undefined)?.maxRows);
      return limits.reduce((most, one) => (most === undefined || one === undefined ? undefined : Math.max(most, one)), 0);
    },
    system: (right) => {
      const words = roles.map(({ system = {} }) => (Object.hasOwn(system, right) ? system[right] : false));
      if (words.includes(true)) return true;
      const texts = words.filter((word) => typeof word === 'string');
      return texts.find((word) => word === 'all') ?? texts[0] ?? false;
    },
  };
}

/** The roles and all that they extend, each once; `extends` holds ids, users hold names, both are found. */
export function withExtended(registry: Registry, names: readonly string[]): readonly RoleMetadata[] {
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

function grantOf(role: RoleMetadata, entity: Entity | undefined, name: string, right: Right): readonly Grant[] {
  const entry = entryFor(role, entity, name);
  const said = entry === undefined ? undefined : role.entities[entry];
  if (entry === undefined || said === undefined) return [];
  const level = levelIn(role, entry, right);
  if (level === 'none') return [];
  const { filter, fields = {} } = said;
  return [{ role: role.name, entry, level, fields, ...(filter === undefined ? {} : { filter }) }];
}

/** Within one role, an entity that is named does not look at the stars. */
export const entryFor = (role: RoleMetadata, entity: Entity | undefined, name: string): string | undefined =>
  [name, ...(entity?.layer === 'custom' ? ['*custom'] : []), '*'].find((key) => Object.hasOwn(role.entities, key));

/** What the role says under a key of its `entities`. */
export const levelIn = (role: RoleMetadata, entry: string, right: Right): AccessLevel =>
  levelOf(role.entities[entry] ?? {}, right);

function levelOf(grant: EntityGrant, right: Right): AccessLevel {
  const said = plain(grant[right]);
  if (said !== undefined) return said;
  // Merging changes one record and deletes another: whoever may do both may merge, where nothing else is said.
  if (right === 'merge') return lower(plain(grant.update) ?? 'none', plain(grant.delete) ?? 'none');
  // Whoever may change a record may take it for themselves.
  if (right === 'assign') return (plain(grant.update) ?? 'none') === 'none' ? 'none' : 'own';
  return 'none';
}

const plain = (level: GrantedLevel | undefined): AccessLevel | undefined =>
  level === true ? 'all' : level === false ? 'none' : level;

const higher = (a: AccessLevel, b: AccessLevel): AccessLevel => (order.indexOf(a) >= order.indexOf(b) ? a : b);
const lower = (a: AccessLevel, b: AccessLevel): AccessLevel => (order.indexOf(a) <= order.indexOf(b) ? a : b);
