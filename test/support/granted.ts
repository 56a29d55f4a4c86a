// Rights of an actor that a test says by itself, without roles: how far each right on each entity goes.
import type { Rights } from '../../server/auth/rights.ts';
import { seenRegistry } from '../../server/auth/seen-registry.ts';
import type { Grant } from '../../server/metadata/registry.ts';
import type { AccessLevel, Right } from '../../server/metadata/types.ts';
import type { Actor, Reach } from '../../server/repository/actor.ts';

/** How far, and what of one's own the grant says of records and fields. */
type Level = (entity: string, right: Right) => AccessLevel;

let made = 0;

/** @param parts the record filter and the fields of the one grant of an entity */
export function granted(
  level: Level,
  reach: Reach = { users: [], teams: [] },
  parts: (entity: string) => Partial<Pick<Grant, 'filter' | 'fields'>> = () => ({}),
): Pick<Actor, 'access' | 'exportLimit' | 'grants' | 'mark' | 'reach' | 'sees' | 'system'> {
  made += 1;
  const grants = (entity: string, right: Right): readonly Grant[] => {
    const said = level(entity, right);
    return said === 'none' ? [] : [{ role: 'test', entry: entity, level: said, fields: {}, ...parts(entity) }];
  };
  const mark = `granted ${made}`;
  const rights: Rights = { key: mark, digest: mark, access: level, grants, exportLimit: () => undefined, system: () => false };
  const { exportLimit, system } = rights;
  return { access: level, grants, mark, reach, exportLimit, system, sees: (registry) => seenRegistry(registry, rights) };
}
