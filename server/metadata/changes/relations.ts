// Relations: added, changed, renamed with their reference fields and the other side, retired.
import type { JsonObject } from '../pointer.ts';
import type { Rename } from '../uses/renames.ts';
import { entityFor, type Member, memberFor, membersOf } from './find.ts';
import { clearFormerNames } from './former-names.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { noteRename, removeMember, requireChangeable, requireCustomisable, withMember } from './members.ts';
import { requireFreeName, requireNotEngine } from './names.ts';
import { memberStep, noteOrigin } from './origins.ts';
import { patched, withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { renameEverywhere, withFollowing } from './rename.ts';
import { withdrawUses } from './retire.ts';
import { labelOf, withLabels } from './texts.ts';
import { touch } from './touched-things.ts';
import type { RelationChange } from './types.ts';
import { putObject, type Step, type WorkObject } from './work.ts';
import { registryOf } from './work-registry.ts';

type Of<Op extends RelationChange['op']> = Extract<RelationChange, { readonly op: Op }>;

/** One record of one entity, held in `<name>_id`, let go when that record is deleted: unless something else is said. */
export function relationFrom(given: JsonObject, name: string, languages: readonly string[]): JsonObject {
  const { id, kind = 'belongsTo', label, ...settings } = withLabels(given, ['inverseLabel'], languages);
  const fields =
    kind === 'belongsTo'
      ? { field: `${name}_id` }
      : kind === 'belongsToAny'
        ? { typeField: `${name}_type`, idField: `${name}_id` }
        : {};
  const onDelete = kind === 'manyToMany' ? {} : { onDelete: settings['required'] === true ? 'restrict' : 'detach' };
  return withoutNulls({ id, kind, label: labelOf(label, languages, name), ...fields, ...onDelete, ...settings }, name);
}

export function addRelation(step: Step<Of<'addRelation'>>): void {
  const { work, pointer, change } = step;
  const entity = entityFor(step, change.entity);
  requireCustomisable(step, entity);
  const { name, ...given } = change.relation;
  requireFreeName(step, entity, name, '/relation/name');
  const home = objectKey('entities', entity.id);
  const id = idFor(step, { prefix: 'relation', name, given: given['id'], pointer: `${pointer}/relation/id`, home });
  const value = relationFrom({ ...resolved(step, given, '/relation/entity'), id }, name, work.languages);
  for (const key of ['field', 'typeField', 'idField'])
    if (typeof value[key] === 'string')
      requireFreeName(step, entity, value[key], given[key] === undefined ? '/relation/name' : `/relation/${key}`);
  putObject(work, withMember(entity, 'relations', name, value));
  clearFormerNames(work, new Set());
  noteOrigin(step, entity, ['relations', memberStep(id)], ['relation'], ['relation', 'name']);
  touch(work, { action: 'added', kind: 'relation', id, entityId: entity.id });
}

/** With the target by its current name; one that comes further on is not there yet. */
function resolved(step: Step<unknown>, given: JsonObject, at: string): JsonObject {
  const { entity, kind = 'belongsTo' } = given;
  if (kind === 'belongsToAny') return given;
  if (entity === undefined)
    throw refusal(`${step.pointer}/relation`, 'required', '"entity" is missing: the one that the relation points to.');
  if (typeof entity !== 'string' || step.changes.slice(step.index + 1).some((later) => comes(later, entity))) return given;
  return { ...given, entity: String(entityFor(step, entity, at).value['plural']) };
}

const comes = ({ op, entity, to }: JsonObject, name: string): boolean => {
  if (op === 'renameEntity') return to === name;
  const made = op === 'addEntity' ? (entity as JsonObject | undefined) : undefined;
  return made?.['plural'] === name || made?.['name'] === name;
};

const kept: Readonly<Record<string, string>> = {
  id: 'The id of a relation stays.',
  name: 'A relation is renamed with renameRelation.',
  kind: 'A relation stays of its kind. Retire it and add another one.',
  field: 'The reference field is renamed with renameRelation.',
  typeField: 'The fields of a relation are renamed with renameRelation.',
  idField: 'The fields of a relation are renamed with renameRelation.',
  retired: 'A relation is retired with retireRelation.',
};

export function changeRelation(step: Step<Of<'changeRelation'>>): void {
  const { work, change, pointer } = step;
  const entity = entityFor(step, change.entity);
  const { name, value } = memberFor(step, entity, 'relations', change.name);
  requireChangeable(step, kept);
  if (value['kind'] === 'belongsTo' && change.set['entity'] !== undefined && change.set['entity'] !== value['entity'])
    throw refusal(`${pointer}/set/entity`, 'read_only', 'A relation keeps its target. Retire it and add another one.');
  const next = patched(value, withLabels(change.set, ['label', 'inverseLabel'], work.languages), name);
  const label = next['label'] ?? labelOf(undefined, work.languages, name);
  putObject(work, withMember(entity, 'relations', name, { ...next, label }));
  clearFormerNames(work, new Set());
  noteOrigin(step, entity, ['relations', memberStep(value['id'])], ['set']);
  touch(work, { action: 'changed', kind: 'relation', id: value['id'], entityId: entity.id });
}

type Renaming = Step<Of<'renameRelation'>>;

export function renameRelation(step: Renaming): void {
  const { work } = step;
  const entity = entityFor(step, step.change.entity);
  const all = withFollowing(
    step,
    (name) => Object.hasOwn(membersOf(entity, 'relations'), name),
    ({ op, entity: of }) => op === 'renameRelation' && of === step.change.entity,
  );
  const renamed = all.map((one) => ({ one, member: memberFor(one, entity, 'relations', one.change.name) }));
  const parts = renamed.flatMap(({ one, member }) => partsOf(one, entity, member));
  const going = new Set(parts.map(({ rename }) => rename.name));
  for (const { one, member } of renamed) requireNotEngine(one, member.value['id'], '/name', `the relation "${member.name}"`);
  for (const { one, rename, at, own } of parts) if (own && !going.has(rename.to)) requireFreeName(one, entity, rename.to, at);
  renameEverywhere(
    step,
    parts.map(({ rename }) => rename),
  );
  for (const { one, member } of renamed) {
    work.done.add(one.index);
    noteRename(one, entity, 'relations', member);
    noteParts(one, entity, member);
  }
}

interface Part {
  readonly one: Renaming;
  readonly rename: Extract<Rename, { readonly kind: 'field' | 'relation' }>;
  readonly at: string;
  /** Of the entity itself, not of the other side. */
  readonly own: boolean;
}

/** The relation, the reference fields that go along and the other side. */
function partsOf(one: Renaming, { value: { plural } }: WorkObject, { name, value }: Member): readonly Part[] {
  const { change, pointer } = one;
  const entity = String(plural);
  const parts: Part[] = [{ one, rename: { kind: 'relation', entity, name, to: change.to }, at: '/to', own: true }];
  for (const [key, suffix] of [
    ['field', '_id'],
    ['typeField', '_type'],
    ['idField', '_id'],
  ] as const) {
    const current = value[key];
    if (typeof current !== 'string') {
      if (change[key] !== undefined) throw refusal(`${pointer}/${key}`, 'invalid', `The relation "${name}" has no "${key}".`);
      continue;
    }
    const to = change[key] ?? (current === `${name}${suffix}` ? `${change.to}${suffix}` : current);
    if (to !== current)
      parts.push({
        one,
        rename: { kind: 'field', entity, name: current, to },
        at: change[key] === undefined ? '/to' : `/${key}`,
        own: true,
      });
  }
  if (change.inverse === undefined) return parts;
  const target = [...registryOf(one).entities.values()].find(({ relations }) =>
    [...relations.values()].some(({ id }) => id === `${String(value['id'])}_inverse`),
  );
  if (target === undefined)
    throw refusal(`${pointer}/inverse`, 'invalid', `The relation "${name}" has no inverse. Give it one with changeRelation.`);
  return [
    ...parts,
    {
      one,
      rename: { kind: 'relation', entity: target.name, name: String(value['inverse']), to: change.inverse },
      at: '/inverse',
      own: false,
    },
  ];
}

function noteParts(step: Renaming, entity: WorkObject, { value }: Member): void {
  const { work, change } = step;
  const id = String(value['id']);
  const path = ['relations', memberStep(id)];
  for (const key of ['field', 'typeField', 'idField', 'inverse'] as const)
    if (change[key] !== undefined) noteOrigin(step, entity, [...path, key], [key], [key]);
  for (const suffix of ['_ref', '_type'])
    touch(work, { action: 'renamed', kind: 'field', id: `${id}${suffix}`, entityId: entity.id });
  if (change.inverse === undefined) return;
  for (const target of work.base.entities.values())
    if ([...target.relations.values()].some((relation) => relation.id === `${id}_inverse`))
      touch(work, { action: 'renamed', kind: 'relation', id: `${id}_inverse`, entityId: target.id });
}

export function retireRelation(step: Step<Of<'retireRelation'>>): void {
  const entity = entityFor(step, step.change.entity);
  const { name, value } = memberFor(step, entity, 'relations', step.change.name);
  requireNotEngine(step, value['id'], '/name', `the relation "${name}"`);
  withdrawUses(step, [{ kind: 'relation', entity: String(entity.value['plural']), name }]);
  removeMember(step, entity, 'relations', name);
  touch(step.work, { action: 'retired', kind: 'relation', id: value['id'], entityId: entity.id });
}
