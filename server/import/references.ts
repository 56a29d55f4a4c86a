// Finds the records that cells refer to, many at once, and remembers what it found.
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { canonicalText, idsByValue } from './records-by-value.ts';
import type { WantedReference } from './row-input.ts';

export type Found = { readonly id: string } | { readonly missing: 'unknown' | 'ambiguous' | 'malformed' };

export interface ReferenceFinder {
  /** Looks up those that are not known yet: one read for each entity and field. */
  load(context: Context, wanted: readonly WantedReference[]): Promise<void>;
  /** What `load` found; reads again where it found nothing, for an earlier row may have made the record. */
  find(context: Context, wanted: WantedReference): Promise<Found>;
  /** What was found in a transaction that was rolled back may not be there. */
  forget(): void;
}

/** Enough for a large file's references; then it starts anew instead of growing. */
const maxRemembered = 100_000;

/** Reads through the repository, so that only records the importer may see can be referred to. */
export function referenceFinder(repository: Repository): ReferenceFinder {
  const known = new Map<string, Found>();

  async function load(context: Context, wanted: readonly WantedReference[]): Promise<void> {
    const groups = new Map<string, WantedReference[]>();
    for (const reference of wanted) {
      if (known.has(keyOf(reference))) continue;
      const group = `${reference.target} ${reference.match}`;
      groups.set(group, [...(groups.get(group) ?? []), reference]);
    }
    if (known.size > maxRemembered) known.clear();
    for (const group of groups.values()) await lookUp(context, group);
  }

  async function lookUp(context: Context, group: readonly WantedReference[]): Promise<void> {
    const [{ target, match } = { target: '', match: '' }] = group;
    const field = seenBy(context).entities.get(target)?.fields.get(match);
    if (field === undefined || field.hidden || field.type.secret === true || field.guard !== undefined) return;
    const texts = new Map<string, string>();
    for (const { text } of group) {
      const value = await canonicalText(context.registry, field, text);
      if (value !== undefined) texts.set(text, value);
    }
    const byValue = await idsByValue(repository, context, target, field, [...new Set(texts.values())]);
    for (const reference of group) {
      const value = texts.get(reference.text);
      const ids = value === undefined ? undefined : (byValue.get(value) ?? []);
      const [id, other] = ids ?? [];
      if (ids === undefined) known.set(keyOf(reference), { missing: 'malformed' });
      else if (id !== undefined) known.set(keyOf(reference), other === undefined ? { id } : { missing: 'ambiguous' });
    }
  }

  return {
    load,
    forget: () => known.clear(),
    find: async (context, wanted) => {
      if (!known.has(keyOf(wanted))) await load(context, [wanted]);
      return known.get(keyOf(wanted)) ?? { missing: 'unknown' };
    },
  };
}

const keyOf = ({ target, match, text }: WantedReference): string => JSON.stringify([target, match, text]);
