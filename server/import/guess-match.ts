// By which field of the other entity the cells of a column name its records: the one by which most of them are found.
import type { Entity, Field, Registry, Relation } from '../metadata/registry.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { type Cell, cellText } from './formats/row-file.ts';
import { canonicalText, idsByValue } from './records-by-value.ts';

/** Cells that are looked up. */
const sample = 50;

/** `external_id` where none of them is found. */
export async function guessMatch(
  repository: Repository,
  context: Context,
  registry: Registry,
  relation: Extract<Relation, { kind: 'belongsTo' }>,
  cells: readonly Cell[],
): Promise<string> {
  const target = registry.entities.get(relation.target);
  if (target === undefined) return 'external_id';
  const texts = [...new Set(cells.map(cellText))].slice(0, sample);
  let best = { name: target.fields.has('external_id') ? 'external_id' : 'id', hits: 0 };
  for (const field of candidates(target)) {
    const values = new Set<string>();
    for (const text of texts) {
      const value = await canonicalText(registry, field, text);
      if (value !== undefined) values.add(value);
    }
    const found = await idsByValue(repository, context, target.name, field, [...values]);
    const hits = [...found.values()].filter((ids) => ids.length === 1).length;
    if (hits > best.hits) best = { name: field.name, hits };
  }
  return best.name;
}

/** Ids and what is unique, then what people call a record by. */
function candidates(target: Entity): readonly Field[] {
  const unique = [...target.fields.values()].filter(({ meta, name }) => meta.unique === true && name !== 'external_id');
  const names = ['external_id', 'id', ...unique.map(({ name }) => name), 'display_name'];
  return names.flatMap((name) => {
    const field = target.fields.get(name);
    const open = field !== undefined && !field.hidden && field.guard === undefined && field.type.secret !== true;
    return open && ['text', 'id'].includes(field.type.kind) ? [field] : [];
  });
}
