// Finds records by the values of one field, many at once.
import type { Field, Registry } from '../metadata/registry.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';

/** The text as the field stores it (an address in lower case, a phone in E.164); undefined when it is no value of the field. */
export async function canonicalText(registry: Registry, field: Field, text: string): Promise<string | undefined> {
  const read = field.type.fromText(text, field.meta, {});
  return 'value' in read ? canonicalValue(registry, field, read.value) : undefined;
}

/** The same of a value of the API. */
export async function canonicalValue(registry: Registry, field: Field, given: unknown): Promise<string | undefined> {
  const { defaultRegion, baseCurrency } = registry.app;
  const parsed = await field.type.parse(given, field.meta, { defaultRegion, baseCurrency, value: () => undefined });
  const value = 'columns' in parsed ? parsed.columns[''] : undefined;
  return value === null || value === undefined ? undefined : String(value);
}

/** Only records that the actor may read; two of a value are enough to call it ambiguous. */
export async function idsByValue(
  repository: Repository,
  context: Context,
  target: string,
  field: Field,
  values: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  if (values.length === 0) return found;
  const page = await repository.list(context, {
    entity: target,
    selection: { fields: ['id', field.name], include: [] },
    filter: { fact: field.name, operator: 'in', value: values },
    sort: [],
    limit: values.length * 2,
    count: 'none',
    deleted: 'live',
  });
  if (page.page.hasNext && values.length > 1) {
    // Some value has so many records that they may have pushed out those of another: one by one then.
    for (const value of values) {
      for (const [key, ids] of await idsByValue(repository, context, target, field, [value])) found.set(key, [...ids]);
    }
    return found;
  }
  for (const text of page.rows) {
    const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const value = String(record[field.name]);
    found.set(value, [...(found.get(value) ?? []), String(record['id'])]);
  }
  return found;
}
