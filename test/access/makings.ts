// Records to be made in the matrix: given to oneself, to people and teams near and far, or hung to records of every kind.
import type { Cell } from './cell.ts';
import { entityFile } from './metadata.ts';
import { createStatus, type Facts } from './oracle.ts';
import { linksOf, parentOf, plainValues } from './records.ts';
import { kinds } from './seeds.ts';

export interface Making {
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: number;
  /** To be told how many of it were made. */
  readonly referred: (count: number) => void;
}

/** One a kind, each with names of its own. What is not there yet is neither shared nor deleted: that is up to its parent. */
export async function makings(cell: Cell): Promise<readonly Making[]> {
  const made: Making[] = [];
  for (const kind of kinds) made.push(await making(cell, kind));
  return made;
}

async function making(cell: Cell, kind: string): Promise<Making> {
  const { at, caller, entity, world } = cell;
  const { ownership = {} } = entityFile(entity);
  const [parentEntity = '', parentField = '', parentType] = parentOf[entity] ?? [];
  const parent = world.seedsOf(parentEntity, caller.role).find((record) => record.kind === kind);
  const given = world.ownerOf(caller, kind, at);
  const references = await linksOf(world, entity, false);
  const wanted: Facts = {
    entity,
    // Without a field for the owner, it belongs to whoever makes it.
    owner: ownership.owner === undefined ? caller.id : given.owner,
    team: ownership.team === undefined ? null : given.team,
    ...{ shares: [], deleted: false, parent, values: {} },
  };
  const input = {
    ...plainValues(entity, false),
    ...Object.fromEntries(references.map(([field, { id }]) => [field, id])),
    ...(ownership.owner === undefined ? {} : { [ownership.owner]: given.owner }),
    ...(ownership.team === undefined || given.team === null ? {} : { [ownership.team]: given.team }),
    ...(parent === undefined
      ? {}
      : { [parentField]: parent.id, ...(parentType === undefined ? {} : { [parentType]: parentEntity }) }),
    // Refused for what it says, not for who says it.
    ...(entity === 'custom_fields' ? { active: false } : {}),
    ...(entity === 'workflows' ? { definition: 'nothing' } : {}),
  };
  const facts = [...references.map(([, record]) => record), ...(parent === undefined ? [] : [parent])];
  const referred = (count: number): void => {
    if (parent !== undefined) parent.references += count;
  };
  return { kind, input, expected: createStatus(caller, wanted, facts), referred };
}
