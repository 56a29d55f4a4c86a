// The preview of a type change: every value of a field that would not convert, with its record, page by page.

import { parseStrictJson } from '../http/strict-json.ts';
import { currentName } from '../metadata/aliases.ts';
import { applyChanges } from '../metadata/changes/apply-changes.ts';
import { isObject } from '../metadata/pointer.ts';
import type { Field, Registry } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import { type Problem, problem } from '../problem.ts';
import type { Actor } from '../repository/actor.ts';
import type { Context } from '../repository/context.ts';
import { parameters, quoted, run } from '../repository/statement.ts';
import { conversion } from '../tables/conversions.ts';
import { invalidQuery, numberIn, queryOf } from './parameters.ts';
import { requireReading } from './rights.ts';
import type { StudioServices } from './services.ts';
import { baseOf } from './wanted.ts';

const names = ['entity', 'field', 'type', 'settings', 'limit', 'after'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param query `entity`, `field`, `type`; further properties of the coming field as JSON in `settings`; `limit`, `after` */
export async function unconvertibleIn(services: StudioServices, context: Context, query: string) {
  const { actor } = context;
  requireReading(actor);
  const given = queryOf(query, names);
  const limit = numberIn('limit', given.limit, 1, 200) ?? 50;
  const { after } = given;
  if (after !== undefined && !uuid.test(after)) throw invalidQuery('after', 'cursor', '"after" is `next` of the page before.');
  const base = await baseOf(services);
  const { entity, field } = fieldIn(actor.sees(base), given.entity, given.field);
  if (field.guard !== undefined || !reaches(actor, entity.name, 'read'))
    throw problem('forbidden', { detail: 'The values of a field are shown to those who may read it in all records.' });
  if (field.type.secret === true) throw invalidQuery('field', 'secret', 'Values of a secret field are never shown.');
  const predicate = await invalidRows(base, given, field);
  if (predicate === undefined) return { data: [], total: 0, page: { limit, hasNext: false, next: null } };
  const column = `t.${quoted(field.columns[0]?.name ?? '')}`;
  // The values of what is deleted convert as well, but only those who may restore it all are shown them.
  const deleted = reaches(actor, entity.name, 'restore') ? '' : ' AND t."deleted_at" IS NULL';
  const where = `${column} IS NOT NULL AND (${predicate(column)})${deleted}`;
  const table = entity.qualifiedTable;
  const bound = parameters();
  const beyond = after === undefined ? '' : ` AND t."id" > ${bound.bind(after)}::uuid`;
  const { knex } = services.versions;
  const rows = await run<{ id: string; value: string }>(knex, {
    text: `SELECT t."id"::text AS id, ${column}::text AS value FROM ${table} t WHERE ${where}${beyond} ORDER BY t."id" LIMIT ${limit + 1}`,
    values: bound.values,
  });
  const [counted] = await run<{ total: string }>(knex, {
    text: `SELECT count(*)::text AS total FROM ${table} t WHERE ${where}`,
    values: [],
  });
  const data = rows.slice(0, limit);
  const hasNext = rows.length > limit;
  return { data, total: Number(counted?.total ?? 0), page: { limit, hasNext, next: hasNext ? (data.at(-1)?.id ?? null) : null } };
}

/** Every record there is, whatever a role's filter would leave. */
const reaches = (actor: Actor, entity: string, right: Right): boolean =>
  actor.grants(entity, right).some(({ level, filter }) => level === 'all' && filter === undefined);

/** @param registry as whoever asks sees it */
function fieldIn(registry: Registry, entityName: string | undefined, name: string | undefined) {
  const entity = registry.entities.get(currentName(registry.aliases, entityName ?? ''));
  if (entity === undefined) throw invalidQuery('entity', 'unknown_entity', `There is no "${entityName ?? ''}".`);
  const field = entity.fields.get(currentName(entity.aliases, name ?? ''));
  if (field === undefined || field.hidden)
    throw invalidQuery('field', 'unknown_field', `${entity.name} has no field "${name ?? ''}".`);
  return { entity, field };
}

type Given = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** Which rows would not convert, by the quoted column; undefined: every one converts. */
async function invalidRows(base: Registry, given: Given, field: Field): Promise<((column: string) => string) | undefined> {
  const { entity = '', field: name = '', type = '' } = given;
  const { issues, registry } = await applyChanges(base, [
    { op: 'changeField', entity, name, set: { ...settingsOf(given), type } },
  ]);
  const [first] = issues;
  if (first !== undefined) throw invalidQuery('type', first.code, first.detail);
  const coming = registry.entities.get(currentName(registry.aliases, entity))?.fields.get(field.name)?.columns ?? [];
  const [before, after] = [field.columns[0], coming[0]];
  // Values of one column do not become those of several, nor the other way round.
  if (before === undefined || after === undefined || String(namesOf(field.columns)) !== String(namesOf(coming)))
    throw unsupported(type);
  if (before.type === after.type) return undefined;
  const found = conversion(before.type, after.type);
  if (found === undefined) throw unsupported(type);
  return found.invalid ?? undefined;
}

const namesOf = (columns: Field['columns']): readonly string[] => columns.map(({ name }) => name);

function settingsOf({ settings }: Given): object {
  if (settings === undefined) return {};
  const value = parseStrictJson(settings);
  if (isObject(value)) return value;
  throw invalidQuery('settings', 'type', '"settings" is a JSON object.');
}

const unsupported = (type: string): Problem =>
  invalidQuery('type', 'unsupported', `Values of this field do not become ${type}. Add a new field instead.`);
