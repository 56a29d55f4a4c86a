// Facts of one record in memory, for the rules: its own fields, its previous values, and fields of what it refers to.
import { validate } from 'uuid';
import type { ValueKind } from '../conditions/value-kind.ts';
import { resolveFact } from '../metadata/facts.ts';
import type { Entity } from '../metadata/registry.ts';
import { ambientFact } from './ambient-facts.ts';
import type { Context } from './context.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import type { RepositoryServices } from './services.ts';
import { run } from './statement.ts';

export interface Facts {
  /** The value of a fact by its path; null where there is none. */
  readonly value: (path: string) => unknown;
  readonly kind: (path: string) => ValueKind;
}

const previous = 'previous.';

/** Reads the related records that `paths` need, each once, then answers from memory. */
export async function loadFacts(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: { readonly before: RecordValues | null; readonly after: RecordValues },
  paths: readonly string[],
): Promise<Facts> {
  const past = paths.filter(isPast);
  const now = await reader(
    services,
    context,
    entity,
    record.after,
    paths.filter((path) => !isPast(path)),
  );
  const then = await reader(services, context, entity, record.before, past.map(plainPath));
  return {
    value: (path) => {
      const ambient = ambientFact(context, path);
      if (ambient !== undefined) return ambient.value;
      return isPast(path) ? then(plainPath(path)) : now(path);
    },
    kind: (path) => ambientFact(context, path)?.kind ?? resolveFact(context.registry, entity, plainPath(path))?.kind ?? 'text',
  };
}

const isPast = (path: string): boolean => path.startsWith(previous);
const plainPath = (path: string): string => (isPast(path) ? path.slice(previous.length) : path);

/** The values of one state of the record, and of what it refers to along `paths`. */
async function reader(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  values: RecordValues | null,
  paths: readonly string[],
): Promise<(path: string) => unknown> {
  const holders = new Map<string, RecordValues | null>([['', values]]);
  for (const path of paths) {
    let place = '';
    for (const relation of resolveFact(context.registry, entity, path)?.through ?? []) {
      const holder = holders.get(place);
      place += `${relation.name}.`;
      if (!holders.has(place)) holders.set(place, await readRow(services, context, relation.target, holder?.[relation.field]));
    }
  }
  return (path) => {
    const fact = resolveFact(context.registry, entity, path);
    if (fact === undefined) return null;
    const { field, suffix, through } = fact;
    const value = holders.get(through.map((relation) => `${relation.name}.`).join(''))?.[field.name] ?? null;
    if (suffix === '') return value;
    const [part = ''] = Object.entries(field.type.parts ?? {}).find(([, candidate]) => candidate.suffix === suffix) ?? [];
    return (value as RecordValues | null)?.[part] ?? null;
  };
}

async function readRow(services: RepositoryServices, context: Context, name: string, id: unknown): Promise<RecordValues | null> {
  const target = context.registry.entities.get(name);
  // What stands in a reference may not have been looked at yet.
  if (target === undefined || typeof id !== 'string' || !validate(id)) return null;
  const [row] = await run(context.transaction ?? services.knex, {
    text: `SELECT ${rowColumns(target)} FROM ${target.qualifiedTable} WHERE "id" = $1::uuid AND "deleted_at" IS NULL`,
    values: [id],
  });
  return row === undefined ? null : recordOf(target, row);
}
