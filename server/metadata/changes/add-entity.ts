// A new entity from as little as its singular, its plural and a field: the rest is what most entities want.
import { isObject, type JsonObject } from '../pointer.ts';
import { clearFormerNames } from './former-names.ts';
import { idFor } from './ids.ts';
import { objectKey } from './layers.ts';
import { fieldFrom } from './members.ts';
import { requireFreeWord } from './names.ts';
import { placeObject } from './objects.ts';
import { memberStep, noteOrigin } from './origins.ts';
import { withoutNulls } from './overlay.ts';
import { refusal } from './refusal.ts';
import { relationFrom } from './relations.ts';
import { everyLanguage, labelOf, pluralLabelOf, wordsOf } from './texts.ts';
import { touch } from './touched-things.ts';
import type { EntityChange } from './types.ts';
import { putObject, type Step, type WorkObject } from './work.ts';

type Adding = Step<Extract<EntityChange, { readonly op: 'addEntity' }>>;

/** Everything but what destroys for good or needs rules of its own. */
const usualOperations = ['create', 'read', 'update', 'delete', 'restore', 'import', 'export'];

export function addEntity(step: Adding): void {
  const { work, pointer, change } = step;
  const { name, plural = name, singular, label, id: givenId, fields, relations, ...settings } = change.entity as JsonObject;
  if (typeof plural !== 'string')
    throw refusal(`${pointer}/entity`, 'required', '"plural" is missing: the name that the API has for it.');
  if (name !== undefined && name !== plural)
    throw refusal(
      `${pointer}/entity/plural`,
      'invalid',
      `The name and the plural are the same word; "${String(name)}" and "${plural}" differ.`,
    );
  const at = change.entity.plural === undefined ? 'name' : 'plural';
  requireFreeWord(step, plural, `/entity/${at}`);
  requireFreeWord(step, String(singular), '/entity/singular');
  const id = String(idFor(step, { prefix: 'entities', name: plural, given: givenId, pointer: `${pointer}/entity/id` }));
  const made = { fields: membersFrom(step, id, 'fields', fields), relations: membersFrom(step, id, 'relations', relations) };
  if (Object.keys(made.fields).length === 0) made.fields = nameField(step, id);
  const words = everyLanguage(work.languages, { one: wordsOf(String(singular)), other: wordsOf(plural) });
  const value = {
    id,
    name: plural,
    singular,
    plural,
    label: label === undefined || label === null ? words : pluralLabelOf(label, work.languages),
    ...withDefaults(step, made.fields, settings),
    fields: made.fields,
    ...(Object.keys(made.relations).length === 0 ? {} : { relations: made.relations }),
  };
  const entity: WorkObject = { kind: 'entities', id, value: withoutNulls(value) };
  putObject(work, entity);
  clearFormerNames(work, new Set());
  noteOrigin(step, entity, [], ['entity']);
  for (const key of ['name', 'plural']) noteOrigin(step, entity, [key], ['entity', at], ['entity', at]);
  noteOrigin(step, entity, ['singular'], ['entity', 'singular'], ['entity', 'singular']);
  noteMembers(step, entity, change.entity as JsonObject);
  touch(work, { action: 'added', kind: 'entity', id });
  addScreens(step, plural);
}

/** Members as a map of names or as a list; each with its defaults. */
function membersFrom(step: Adding, id: string, list: 'fields' | 'relations', given: unknown): Record<string, JsonObject> {
  const { work, pointer } = step;
  const members = new Map<string, JsonObject>();
  for (const [key, name, { name: _, ...member }] of givenMembers(given)) {
    const at = `${pointer}/entity/${list}/${key}`;
    if (members.has(name)) throw refusal(`${at}/name`, 'taken', `"${name}" stands twice.`);
    const prefix = list === 'fields' ? 'field' : 'relation';
    const memberId = idFor(step, { prefix, name, given: member['id'], pointer: `${at}/id`, home: objectKey('entities', id) });
    const from = list === 'fields' ? fieldFrom : relationFrom;
    members.set(name, from({ ...member, id: memberId }, name, work.languages));
  }
  return Object.fromEntries(members);
}

const givenMembers = (given: unknown): readonly (readonly [key: string, name: string, member: JsonObject])[] =>
  typeof given !== 'object' || given === null
    ? []
    : Object.entries(given).flatMap(([key, member]: [string, unknown]) =>
        isObject(member) ? [[key, Array.isArray(given) ? String(member['name']) : key, member] as const] : [],
      );

const nameField = (step: Adding, id: string): Record<string, JsonObject> => {
  const given = { type: 'text', required: true, maxLength: 200 };
  const home = objectKey('entities', id);
  const fieldId = idFor(step, {
    prefix: 'field',
    name: 'name',
    given: undefined,
    pointer: `${step.pointer}/entity/fields/name/id`,
    home,
  });
  return {
    name: fieldFrom(
      { ...given, id: fieldId, label: labelOf(undefined, step.work.languages, 'name') },
      'name',
      step.work.languages,
    ),
  };
};

function withDefaults({ work }: Adding, fields: Readonly<Record<string, JsonObject>>, settings: JsonObject): JsonObject {
  const kindOf = ({ type }: JsonObject) => work.base.fieldTypes.get(String(type));
  const shown = Object.entries(fields).filter(([, field]) => kindOf(field)?.secret !== true && kindOf(field)?.kind !== 'json');
  const texts = shown.filter(([, field]) => field['type'] === 'text');
  const [name] = [
    ...texts,
    ...shown.filter(([, field]) => kindOf(field)?.kind === 'text'),
    ...shown,
    ...Object.entries(fields),
  ].map(([key]) => key);
  const display = { nameFields: name === undefined ? [] : [name] };
  const search = texts.some(([key]) => key === name) ? { search: { fields: [{ name, weight: 'A' }] } } : {};
  const operations = (settings['operations'] ?? usualOperations) as readonly unknown[];
  const can = (operation: string): boolean => Array.isArray(operations) && operations.includes(operation);
  const features = { import: can('import'), export: can('export'), customFields: true };
  return { display, features, operations, ...search, ...settings };
}

function noteMembers(step: Adding, entity: WorkObject, given: JsonObject): void {
  for (const list of ['fields', 'relations'] as const) {
    const made = entity.value[list];
    for (const [key, name] of givenMembers(given[list])) {
      const member = isObject(made) ? made[name] : undefined;
      const to = ['entity', list, key];
      if (isObject(member))
        noteOrigin(step, entity, [list, memberStep(member['id'])], to, Array.isArray(given[list]) ? [...to, 'name'] : to);
    }
  }
}

/** The layout and the list that are given along. */
function addScreens(step: Adding, entity: string): void {
  const { layout, view } = step.change;
  if (layout !== undefined) placeObject(step, 'layouts', { name: `${entity}_detail`, entity, ...layout }, 'layout');
  if (view !== undefined) placeObject(step, 'views', { name: `${entity}_all`, entity, default: true, ...view }, 'view');
}
