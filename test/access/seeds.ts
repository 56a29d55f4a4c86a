// The records of the matrix: of every entity, for every role, one of each kind of ownership; with canaries in all their fields.
import type { TestApp } from '../support/app.ts';
import { appended } from './appended.ts';
import type { Canaries } from './canaries.ts';
import { entities, entityFile } from './metadata.ts';
import type { Caller, People } from './people.ts';
import { type Hubs, linksOf, once, parentOf, plainValues, type Seed, unique } from './records.ts';

export const kinds = [
  ...['own', 'team', 'subteam', 'other', 'shared', 'writable', 'deleted', 'teamDeleted', 'otherDeleted'],
] as const satisfies readonly string[];

export interface World extends Hubs {
  readonly app: TestApp;
  readonly people: People;
  readonly canaries: Canaries;
  /** By entity and role, in the order of the kinds. */
  seedsOf(entity: string, role: string): readonly Seed[];
  allOf(entity: string): readonly Seed[];
  /** The owner, and the team, of a record of this kind. */
  ownerOf(caller: Caller, kind: string, at: number): { readonly owner: string; readonly team: string | null };
}

/** Parents first. */
export const entityOrder = [...entities.keys()].sort((left, right) => Number(left in parentOf) - Number(right in parentOf));

const isDeleted = (kind: string): boolean => kind.toLowerCase().endsWith('deleted');

export async function seedWorld(app: TestApp, people: People, canaries: Canaries): Promise<World> {
  const seeds = new Map<string, Seed[]>();
  const hubs = new Map<string, Promise<Seed>>();
  const add = async (entity: string, input: object, owner: string): Promise<string> => {
    const actor = { ...app.context().actor, id: owner };
    return (await app.repository.create(app.context({ source: 'system', actor }), entity, input as never)).id;
  };
  const fresh = async (entity: string): Promise<Seed> => {
    const owner = people.colleague;
    const references = await linksOf(world, entity, false);
    const [parentEntity = '', parentField = '', parentType] = parentOf[entity] ?? [];
    const parent = parentEntity === '' ? undefined : await world.hub(parentEntity);
    if (parent !== undefined) parent.references += 1;
    const input = {
      ...plainValues(entity, false),
      ...Object.fromEntries(references.map(([field, { id }]) => [field, id])),
      ...(parent === undefined ? {} : { [parentField]: parent.id }),
      ...(parentType === undefined ? {} : { [parentType]: parentEntity }),
    };
    const id = await add(entity, input, owner);
    return { id, entity, owner, team: null, shares: [], deleted: false, values: {}, kind: 'hub', references: 1, parent };
  };
  const world: World = {
    app,
    people,
    canaries,
    fresh,
    hub: (entity) => {
      const known = hubs.get(entity) ?? fresh(entity);
      hubs.set(entity, known);
      return known;
    },
    seedsOf: (entity, role) => seeds.get(`${entity} ${role}`) ?? [],
    allOf: (entity) => people.callers.flatMap(({ role }) => seeds.get(`${entity} ${role}`) ?? []),
    ownerOf: (caller, kind, at) => {
      const near = caller.near[at % caller.near.length] ?? people.colleague;
      if (kind === 'own' || kind === 'deleted') return { owner: caller.id, team: null };
      if (kind === 'team' || kind === 'teamDeleted') return { owner: near, team: null };
      return { owner: people.stranger, team: kind === 'subteam' ? people.subteam : null };
    },
  };
  for (const [at, entity] of entityOrder.entries()) {
    const ofRole = async (caller: Caller): Promise<void> => {
      const made: Seed[] = [];
      seeds.set(`${entity} ${caller.role}`, made);
      for (const kind of kinds) made.push(await seed(world, add, caller, entity, kind, at));
    };
    await Promise.all(people.callers.map(ofRole));
  }
  return world;
}

type Add = (entity: string, input: object, owner: string) => Promise<string>;

async function seed(world: World, add: Add, caller: Caller, entity: string, kind: string, at: number): Promise<Seed> {
  const { app, canaries, people } = world;
  const { ownership = {}, operations } = entityFile(entity);
  const { owner, team } = world.ownerOf(caller, kind, at);
  const deleted = isDeleted(kind);
  const [parentEntity = '', parentField = '', parentType] = parentOf[entity] ?? [];
  const parent = parentAmong(world.seedsOf(parentEntity, caller.role), kind);
  if (entity in parentOf && operations.length === 1)
    return appended(world, { entity, kind, deleted }, parent as Seed, [parentField, parentType ?? '']);
  // The deleted one beside it is a link to something else.
  const [link, target] = once[entity] ?? [];
  const references =
    link !== undefined && target !== undefined && deleted
      ? [[link, await world.fresh(target)] as const]
      : await linksOf(world, entity, true);
  // The filter of a role looks at it; half of the records have one.
  const campaign =
    entity === 'opportunities' && ['own', 'other', 'shared', 'deleted'].includes(kind) ? await world.hub('campaigns') : null;
  // So does that of those who only see what is published.
  const status =
    entity !== 'articles' ? {} : { status: ['own', 'team', 'shared', 'deleted'].includes(kind) ? 'published' : 'draft' };
  const self = entity === 'users' && kind === 'own' ? people.selves.get(caller.role) : undefined;
  const { values, planted } = canaries.fill(entity, {
    ...plainValues(entity, true),
    ...(self === undefined ? {} : { email: self.email }),
  });
  const externalId = entityFile(entity).features?.import === true ? unique() : undefined;
  const given = {
    ...values,
    ...searched(entity, caller.role, values),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...Object.fromEntries(references.map(([field, { id }]) => [field, id])),
    ...(campaign === null ? {} : { campaign_id: campaign.id }),
    ...status,
    ...(ownership.owner === undefined ? {} : { [ownership.owner]: owner }),
    ...(ownership.team === undefined ? {} : { [ownership.team]: team }),
    ...(parent === undefined
      ? {}
      : { [parentField]: parent.id, ...(parentType === undefined ? {} : { [parentType]: parentEntity }) }),
  };
  const id = self?.id ?? (await add(entity, given, owner));
  if (self !== undefined) await app.repository.update(app.context(), 'users', id, { ...given, roles: [caller.role] });
  const shares: { user: string; access: 'read' | 'write' }[] = [];
  if ((kind === 'shared' || kind === 'writable') && ownership.through === undefined) {
    const access = kind === 'shared' ? 'read' : 'write';
    await add('shares', { record_type: entity, record_id: id, user_id: caller.id, access }, owner);
    shares.push({ user: caller.id, access });
  }
  if (parent !== undefined) parent.references += 1;
  if (deleted) await app.repository.remove(app.context({ source: 'system' }), entity, id);
  const hub = references[0]?.[1];
  const owned = entity === 'users' ? id : owner;
  const found: Seed = {
    ...{
      id,
      entity,
      kind,
      externalId,
      shares,
      deleted,
      parent,
      hub,
      owner: owned,
      team: ownership.team === undefined ? null : team,
    },
    values: { campaign_id: campaign?.id ?? null, ...status },
    references: shares.length,
  };
  canaries.plant(found, planted);
  return found;
}

/** A word that stands in all records of an entity for a role, and nowhere else. */
export const groupWord = (entity: string, role: string): string => `all${entity}of${role}`.replaceAll('_', '');

/** The first field of text that is searched has the word beside its canary. */
function searched(entity: string, role: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { search, fields } = entityFile(entity);
  const name = search?.fields
    .map((field) => field.name)
    .find((field) => ['text', 'longText', 'richText'].includes(fields[field]?.type ?? '') && Object.hasOwn(values, field));
  return name === undefined ? {} : { [name]: `${values[name]}_${groupWord(entity, role)}` };
}

/** What is deleted itself belonged to a record that is not. */
const parentAmong = (parents: readonly Seed[], kind: string): Seed | undefined => {
  const living = { deleted: 'own', teamDeleted: 'team', otherDeleted: 'other' }[kind] ?? kind;
  return parents.find((record) => record.kind === living);
};
