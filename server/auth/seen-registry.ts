// The registry as somebody sees it: without the entities, fields and relations that are closed to them.
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

const known = perRegistry(() => new Map<string, Registry>());

/**
 * Whatever parses, describes or renders by it cannot tell what is closed from what does not exist: it is not filtered,
 * sorted, selected, searched, suggested or documented. The very registry for those who see everything.
 */
export function seenRegistry(registry: Registry, rights: Rights): Registry {
  const cache = known(registry);
  const made = cache.get(rights.key) ?? compile(registry, rights);
  cache.set(rights.key, made);
  return made;
}

function compile(registry: Registry, rights: Rights): Registry {
  const open = [...registry.entities.values()].filter((entity) => rights.access(entity.name, 'read') !== 'none');
  const fields = new Map(open.map((entity) => [entity.name, seenFields(entity, rights)]));
  const entities = open.map((entity) => seenEntity(entity, fields));
  if (entities.length === registry.entities.size && entities.every((entity) => registry.entities.get(entity.name) === entity))
    return registry;
  const names = new Set(entities.map(({ name }) => name));
  const guarded = entities.map((entity) => withoutQuestions(entity, entities, rights));
  return Object.freeze({
    ...registry,
    entities: new Map(guarded.map((entity) => [entity.name, entity])),
    entitiesBySingular: new Map(guarded.map((entity) => [entity.singular, entity])),
    aliases: new Map([...registry.aliases].filter(([, { name }]) => names.has(name))),
  });
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

function seenFields(entity: Entity, rights: Rights): ReadonlyMap<string, Field> {
  const grants = rights.grants(entity.name, 'read');
  const writing = [...rights.grants(entity.name, 'create'), ...rights.grants(entity.name, 'update')];
  if ([...grants, ...writing].every(({ fields }) => Object.keys(fields).length === 0)) return entity.fields;
  const seen = [...entity.fields].flatMap(([name, field]): [string, Field][] => {
    const guard = guardOf(entity, field, grants);
    if (guard === 'closed') return [];
    // Forms and documents show what cannot be set as what it is.
    const readOnly = field.readOnly || (writing.length > 0 && !writing.some((grant) => mayWrite(grant, name)));
    if (guard === 'open' && readOnly === field.readOnly) return [[name, field]];
    return [[name, Object.freeze({ ...field, readOnly, ...(guard === 'open' ? {} : { guard }) })]];
  });
  return new Map(seen);
}

function guardOf(entity: Entity, field: Field, grants: readonly Grant[]): 'open' | 'closed' | FieldGuard {
  const inputs = inputsOf(entity, field);
  const words = grants.map((grant) => ({ grant, word: worst(inputs.map((name) => wordOf(grant.fields[name]))) }));
  const of = (word: Word): readonly Grant[] => words.filter((said) => said.word === word).map(({ grant }) => grant);
  const [open, closed] = [of('open'), of('closed')];
  if (open.length === grants.length || open.some(({ level, filter }) => level === 'all' && filter === undefined)) return 'open';
  // A record is always called something.
  const masked = field.name === 'display_name' ? [...of('masked'), ...closed] : of('masked');
  if (open.length === 0 && masked.length === 0) return 'closed';
  const keepEnd = inputs.length > 1 ? 0 : Math.max(0, ...masked.map(({ fields }) => fields[field.name]?.keepEnd ?? 0));
  return { open, masked, keepEnd };
}

/** What a value is made of decides who may see it. */
const inputsOf = (entity: Entity, field: Field): readonly string[] =>
  field.name === 'display_name' ? [field.name, ...entity.meta.display.nameFields] : [field.name];

type Word = 'open' | 'masked' | 'closed';
const severity: readonly Word[] = ['open', 'masked', 'closed'];
const worst = (words: readonly Word[]): Word =>
  words.reduce((left, right) => (severity.indexOf(left) >= severity.indexOf(right) ? left : right), 'open');

const wordOf = (grant: FieldGrant | undefined): Word =>
  grant?.read === false ? 'closed' : grant?.read === 'masked' ? 'masked' : 'open';
