// What each role says of a right, and where in the metadata it says so.

import { pointerOf } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import type { AccessLevel, Right, RoleMetadata } from '../metadata/types.ts';
import { entryFor, levelIn, withExtended } from './rights.ts';

export interface Said {
  readonly role: string;
  /** The key of its `entities` that speaks; null where none does. */
  readonly entry: string | null;
  readonly level: AccessLevel;
  /** The highest layer that has it. */
  readonly source: { readonly layer: string; readonly file: string; readonly pointer: string } | null;
}

/** Roles that are extended speak for themselves. */
export const saidBy = (registry: Registry, roles: readonly string[], entity: string, right: Right): readonly Said[] =>
  withExtended(registry, roles).map((role) => {
    const entry = entryFor(role, registry.entities.get(entity), entity) ?? null;
    const level = entry === null ? 'none' : levelIn(role, entry, right);
    return { role: role.name, entry, level, source: entry === null ? null : sourceOf(registry, role, entry, right) };
  });

function sourceOf(registry: Registry, role: RoleMetadata, entry: string, right: Right): Said['source'] {
  const speaking = registry.documents.filter(({ kind, content }) => {
    const entities = content['entities'] as Readonly<Record<string, unknown>> | undefined;
    return kind === 'roles' && content['id'] === role.id && entities !== undefined && Object.hasOwn(entities, entry);
  });
  const document = speaking.at(-1);
  if (document === undefined) return null;
  const said = (document.content['entities'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[entry] ?? {};
  const pointer = Object.hasOwn(said, right) ? pointerOf('entities', entry, right) : pointerOf('entities', entry);
  return { layer: document.layer, file: document.file, pointer };
}
