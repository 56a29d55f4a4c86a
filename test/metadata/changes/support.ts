// Changes made in a test, and what is left of them.
import { expect } from '@jest/globals';
import { applyChanges } from '../../../server/metadata/changes/apply-changes.ts';
import type { ChangeResult } from '../../../server/metadata/changes/types.ts';
import type { MetadataDocument } from '../../../server/metadata/document.ts';
import type { Entity, Field, Registry } from '../../../server/metadata/registry.ts';

export const now = new Date('2030-05-01T12:00:00.000Z');

/** The result of changes that are good. */
export async function made(registry: Registry, ...changes: readonly object[]): Promise<ChangeResult> {
  const result = await applyChanges(registry, changes, { now });
  expect(result.issues).toEqual([]);
  return result;
}

/** The findings about changes that are not, as `pointer detail`. */
export async function refused(registry: Registry, ...changes: readonly object[]): Promise<readonly string[]> {
  const { issues } = await applyChanges(registry, changes, { now });
  expect(issues).not.toEqual([]);
  return issues.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

export const customOf = ({ documents }: Pick<ChangeResult, 'documents'>): readonly MetadataDocument[] =>
  documents.filter(({ layer }) => layer === 'custom');

export function entityOf({ entities }: Registry, name: string): Entity {
  const entity = entities.get(name);
  if (entity === undefined) throw new Error(`There is no ${name}`);
  return entity;
}

export function fieldOf(registry: Registry, entity: string, name: string): Field {
  const field = entityOf(registry, entity).fields.get(name);
  if (field === undefined) throw new Error(`There is no ${entity}.${name}`);
  return field;
}
