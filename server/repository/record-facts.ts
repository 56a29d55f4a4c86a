// Facts of one record in memory, for the rules: its own fields, its previous values, and fields of what it refers to.
import type { ValueKind } from '../conditions/value-kind.ts';
import type { Entity } from '../metadata/registry.ts';
import { resolveFact } from '../query/facts.ts';
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
  const related = new Map<string, RecordValues | null>();
  for (const path of paths) await loadRelated(services, context, entity, record.after, path, related);
  const own = (values: RecordValues | null, path: string): unknown => {
    const fact = resolveFact(context.registry, entity, path);
    if (fact === undefined) return null;
    const holder = fact.through.length === 0 ? values : (related.get(relationKey(fact.through)) ?? null);
    const value = holder?.[fact.field.name] ?? null;
    const part = Object.entries(fact.field.type.parts ?? {}).find(
      ([, { suffix }]) => fact.suffix !== '' && suffix === fact.suffix,
    )?.[0];
    return part === undefined ? value : ((value as RecordValues | null)?.[part] ?? null);
  };
  return {
    value: (path) => {
      const ambient = ambientFact(context, path);
      if (ambient !== undefined) return ambient.value;
      return path.startsWith(previous) ? own(record.before, path.slice(previous.length)) : own(record.after, path);
    },
    kind: (path) => {
      const plain = path.startsWith(previous) ? path.slice(previous.length) : path;
      return ambientFact(context, path)?.kind ?? resolveFact(context.registry, entity, plain)?.kind ?? 'text';
    },
  };
}

const relationKey = (through: readonly { readonly name: string }[]): string => through.map((relation) => relation.name).join('.');

async function loadRelated(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: RecordValues,
  path: string,
  related: Map<string, RecordValues | null>,
): Promise<void> {
  const fact = resolveFact(context.registry, entity, path);
  let holder: RecordValues | null = record;
  for (let depth = 1; depth <= (fact?.through.length ?? 0); depth++) {
    const through = fact?.through.slice(0, depth) ?? [];
    const relation = through.at(-1);
    const target = relation === undefined ? undefined : context.registry.entities.get(relation.target);
    if (relation === undefined || target === undefined) return;
    const key = relationKey(through);
    if (!related.has(key)) related.set(key, await readRow(services, context, target, holder?.[relation.field]));
    holder = related.get(key) ?? null;
  }
}

async function readRow(
  services: RepositoryServices,
  context: Context,
  target: Entity,
  id: unknown,
): Promise<RecordValues | null> {
  if (typeof id !== 'string') return null;
  const [row] = await run(context.transaction ?? services.knex, {
    text: `SELECT ${rowColumns(target)} FROM ${target.qualifiedTable} WHERE "id" = $1::uuid AND "deleted_at" IS NULL`,
    values: [id],
  });
  return row === undefined ? null : recordOf(target, row);
}
