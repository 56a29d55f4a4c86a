// The registry as somebody sees it: without the entities, fields and relations that are closed to them.
import { feedOf, feedReads, type RollupField, readsOf, rollupsOf } from '../metadata/computed.ts';
import { kept } from '../metadata/kept.ts';
import {
  type Entity,
  type Field,
  type FieldGuard,
  type Grant,
  perRegistry,
  type Registry,
  type Relation,
} from '../metadata/registry.ts';
import type { FieldGrant } from '../metadata/types.ts';
import { mayWrite } from '../repository/input-field.ts';
import type { Rights } from './rights.ts';

/** As many as there are `Rights` of roles and features that are off. */
const keptVariants = 500;

const known = perRegistry(() => kept<Registry>(keptVariants));

/**
 * Whatever parses, describes or renders by it cannot tell what is closed from what does not exist: it is not filtered,
 * sorted, selected, searched, suggested or documented. The very registry for those who see everything.
 */
export function seenRegistry(registry: Registry, rights: Rights): Registry {
  return known(registry)(rights.key, () => compile(registry, rights));
}

function compile(registry: Registry, rights: Rights): Registry {
  const open = [...registry.entities.values()].filter((entity) => rights.access(entity.name, 'read') !== 'none');
  const seen = new Set(open.map(({ name }) => name));
  const fields = new Map(
    open.map((entity) => [entity.name, withoutNames(registry, entity, seenFields(registry, entity, rights), seen)]),
  );
  const entities = open.map((entity) => offered(seenEntity(entity, fields), rights));
  if (entities.length === registry.entities.size && entities.every((entity) => registry.entities.get(entity.name) === entity))
    return registry;
  const guarded = entities.map((entity) => withoutQuestions(entity, entities, rights));
  return Object.freeze({
    ...registry,
    entities: new Map(guarded.map((entity) => [entity.name, entity])),
    entitiesBySingular: new Map(guarded.map((entity) => [entity.singular, entity])),
    aliases: new Map([...registry.aliases].filter(([, { name }]) => seen.has(name))),
  });
}

function offered(entity: Entity, { notOffered }: Rights): Entity {
  const left = [...entity.operations].filter((operation) => notOffered?.has(operation) !== true);
  return left.length === entity.operations.size ? entity : Object.freeze({ ...entity, operations: new Set(left) });
}

/**
 * What tells of closed fields of another record is shown without them, but a question by it would be answered from the whole
 * value. Names may be asked by where all that can be met are open.
 */
function withoutQuestions(entity: Entity, seen: readonly Entity[], rights: Rights): Entity {
  const about = Object.entries(entity.meta.about ?? {});
  if (about.length === 0) return entity;
  const named = seen.every(({ fields }) => fields.get('display_name') !== undefined && !fields.get('display_name')?.guard);
  const askable = named && rights.access(entity.name, 'read') !== 'all';
  const closed = new Set(about.flatMap(([name, { tells }]) => (tells === 'name' && askable ? [] : [name])));
  const none: FieldGuard = { open: [], masked: [], keepEnd: 0 };
  const fields = [...entity.fields].map(([name, field]): [string, Field] => [
    name,
    closed.has(name) ? Object.freeze({ ...field, guard: none }) : field,
  ]);
  return Object.freeze({ ...entity, fields: new Map(fields) });
}

/** A choice among entities does not name those that are closed. */
function withoutNames(
  registry: Registry,
  { relations }: Entity,
  fields: ReadonlyMap<string, Field>,
  seen: ReadonlySet<string>,
): ReadonlyMap<string, Field> {
  if (seen.size === registry.entities.size) return fields;
  const kinds = [...relations.values()].flatMap((relation) => (relation.kind === 'belongsToAny' ? [relation.typeField] : []));
  const named = [...fields].filter(([name, { meta }]) => meta.optionsFrom === 'entities' || kinds.includes(name));
  if (named.length === 0) return fields;
  const replaced = named.map(([name, field]): [string, Field] => {
    const options = (field.meta.options ?? []).filter(({ value }) => seen.has(value));
    return [name, Object.freeze({ ...field, meta: { ...field.meta, options } })];
  });
  return new Map([...fields, ...replaced]);
}

type SeenFields = ReadonlyMap<string, ReadonlyMap<string, Field>>;

function seenEntity(entity: Entity, all: SeenFields): Entity {
  const fields = all.get(entity.name) ?? entity.fields;
  const relations = [...entity.relations].flatMap(([name, relation]): [string, Relation][] => {
    const seen = seenRelation(entity.name, relation, all);
    return seen === undefined ? [] : [[name, seen]];
  });
  const same = fields === entity.fields && relations.length === entity.relations.size;
  if (same && relations.every(([name, relation]) => entity.relations.get(name) === relation)) return entity;
  const members = new Set([...fields.keys(), ...relations.map(([name]) => name)]);
  const aliases = new Map([...entity.aliases].filter(([, { name }]) => members.has(name)));
  return Object.freeze({ ...entity, fields, relations: new Map(relations), aliases });
}

/** A relation is as open as the fields that it lives in and the entity that it leads to. */
function seenRelation(owner: string, relation: Relation, all: SeenFields): Relation | undefined {
  const plain = (entity: string, ...names: readonly string[]): boolean =>
    names.every((name) => {
      const field = all.get(entity)?.get(name);
      return field !== undefined && field.guard === undefined;
    });
  switch (relation.kind) {
    case 'belongsTo':
      return all.has(relation.target) && plain(owner, relation.field) ? relation : undefined;
    case 'belongsToAny': {
      if (!plain(owner, relation.typeField, relation.idField)) return undefined;
      const targets = relation.targets.filter((target) => all.has(target));
      return targets.length === relation.targets.length ? relation : { ...relation, targets };
    }
    case 'hasMany':
      return plain(relation.target, relation.field) ? relation : undefined;
    case 'hasManyAny':
      return plain(relation.target, relation.typeField, relation.idField) ? relation : undefined;
    case 'manyToMany':
      return all.has(relation.target) && plain(relation.through, relation.fromField, relation.toField) ? relation : undefined;
  }
}

function seenFields(registry: Registry, entity: Entity, rights: Rights): ReadonlyMap<string, Field> {
  const grants = rights.grants(entity.name, 'read');
  const writing = [...rights.grants(entity.name, 'create'), ...rights.grants(entity.name, 'update')];
  const unsaid = [...grants, ...writing].every(({ fields }) => Object.keys(fields).length === 0);
  if (unsaid && rollupsOf(entity).length === 0) return entity.fields;
  const seen = [...entity.fields].flatMap(([name, field]): [string, Field][] => {
    const guard = guardOf(registry, entity, field, rights);
    if (guard === 'closed') return [];
    // Forms and documents show what cannot be set as what it is.
    const readOnly = field.readOnly || (writing.length > 0 && !writing.some((grant) => mayWrite(grant, name)));
    if (guard === 'open' && readOnly === field.readOnly) return [[name, field]];
    return [[name, Object.freeze({ ...field, readOnly, ...(guard === 'open' ? {} : { guard }) })]];
  });
  // The very fields for those who see all of them: whoever compares by identity takes them for what they are.
  const same = seen.length === entity.fields.size && seen.every(([name, field]) => entity.fields.get(name) === field);
  return same ? entity.fields : new Map(seen);
}

function guardOf(registry: Registry, entity: Entity, field: Field, rights: Rights): 'open' | 'closed' | FieldGuard {
  const grants = rights.grants(entity.name, 'read');
  const inputs = inputsOf(entity, field);
  const words = grants.map((grant) => ({ grant, word: wordFor(registry, entity, rights, field, inputs, grant) }));
  const of = (word: Word): readonly Grant[] => words.filter((said) => said.word === word).map(({ grant }) => grant);
  const [open, closed] = [of('open'), of('closed')];
  if (open.length === grants.length || open.some(({ level, filter }) => level === 'all' && filter === undefined)) return 'open';
  // A record is always called something.
  const masked = field.name === 'display_name' ? [...of('masked'), ...closed] : of('masked');
  if (open.length === 0 && masked.length === 0) return 'closed';
  const keepEnd = inputs.length > 1 ? 0 : Math.max(0, ...masked.map(({ fields }) => fields[field.name]?.keepEnd ?? 0));
  return { open, masked, keepEnd };
}

/** A grant that names a value which is worked out decides alone; else what it is worked out from does. */
function wordFor(
  registry: Registry,
  entity: Entity,
  rights: Rights,
  field: Field,
  inputs: readonly string[],
  { fields }: Grant,
): Word {
  if (field.computed !== undefined && Object.hasOwn(fields, field.name)) return wordOf(fields[field.name]);
  return worst(
    inputs.map((name): Word => {
      const read = entity.fields.get(name);
      if (read?.computed?.kind !== 'rollup' || Object.hasOwn(fields, name)) return wordOf(fields[name]);
      return seesAll(registry, rights, entity, read as RollupField) ? 'open' : 'closed';
    }),
  );
}

/** A sum tells of every record that went into it. */
function seesAll(registry: Registry, rights: Rights, entity: Entity, rollup: RollupField): boolean {
  const feed = feedOf(registry, entity, rollup);
  if (feed === undefined) return false;
  const whole = (name: string, reads: readonly string[]): boolean =>
    rights
      .grants(name, 'read')
      .some(
        ({ level, filter, fields }) =>
          level === 'all' && filter === undefined && reads.every((read) => wordOf(fields[read]) === 'open'),
      );
  const { relation, source } = feed;
  return whole(source.name, feedReads(feed)) && (relation.kind !== 'manyToMany' || whole(relation.through, []));
}

/** What a value is made of decides who may see it. */
const inputsOf = (entity: Entity, field: Field): readonly string[] =>
  field.name === 'display_name'
    ? [field.name, ...entity.meta.display.nameFields.flatMap((name) => throughFormulas(entity, name))]
    : throughFormulas(entity, field.name);

/** The field, and what it is worked out from. */
function throughFormulas(entity: Entity, name: string, found = new Set<string>()): readonly string[] {
  if (found.has(name)) return [];
  found.add(name);
  const field = entity.fields.get(name);
  if (field !== undefined) for (const read of readsOf(field)) throughFormulas(entity, read, found);
  return [...found];
}

type Word = 'open' | 'masked' | 'closed';
const severity: readonly Word[] = ['open', 'masked', 'closed'];
const worst = (words: readonly Word[]): Word =>
  words.reduce((left, right) => (severity.indexOf(left) >= severity.indexOf(right) ? left : right), 'open');

const wordOf = (grant: FieldGrant | undefined): Word =>
  grant?.read === false ? 'closed' : grant?.read === 'masked' ? 'masked' : 'open';
