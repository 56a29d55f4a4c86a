// Every write that was acknowledged, so that at the end each can be read back.
import { pick, shown, type Vocabulary } from './vocabulary.ts';

export interface Entry {
  readonly id: string;
  /** Word → the value that was last acknowledged. */
  readonly values: Map<string, unknown>;
  deleted: boolean;
  /** A write to it is under way: what it holds is not certain. */
  busy: boolean;
}

export interface Ledger {
  readonly entries: ReadonlyMap<string, Entry>;
  acknowledged: number;
  add(id: string, values: Readonly<Record<string, unknown>>): void;
  /** An entry that nobody writes to now, marked as busy; undefined when there is none. */
  take(n: number): Entry | undefined;
}

export function ledger(): Ledger {
  const entries = new Map<string, Entry>();
  const ids: string[] = [];
  return {
    entries,
    acknowledged: 0,
    add: (id, values) => {
      entries.set(id, { id, values: new Map(Object.entries(values)), deleted: false, busy: false });
      ids.push(id);
    },
    take: (n) => {
      // A few looks from a place that moves; a deleted or busy one is passed over.
      for (let look = 0; look < 20 && ids.length > 0; look += 1) {
        const entry = entries.get(pick(ids, n * 7919 + look * 31));
        if (entry === undefined || entry.deleted || entry.busy) continue;
        entry.busy = true;
        return entry;
      }
      return undefined;
    },
  };
}

export type Fetch = (ids: readonly string[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** What was acknowledged and is not there, a sentence each. */
export async function lostWrites(book: Ledger, vocabulary: Vocabulary, fetch: Fetch): Promise<readonly string[]> {
  const lost: string[] = [];
  const all = [...book.entries.values()];
  for (let at = 0; at < all.length; at += 100) {
    const part = all.slice(at, at + 100);
    const found = new Map((await fetch(part.map(({ id }) => id))).map((record) => [record['id'], record]));
    for (const entry of part) lost.push(...missingOf(entry, found.get(entry.id), vocabulary));
  }
  return lost;
}

function missingOf(
  entry: Entry,
  record: Readonly<Record<string, unknown>> | undefined,
  { words }: Vocabulary,
): readonly string[] {
  if (entry.deleted) return record === undefined ? [] : [`${entry.id} was deleted and is there`];
  if (record === undefined) return [`${entry.id} is gone`];
  return [...entry.values].flatMap(([key, value]) => {
    const entryWord = words.get(key);
    const name = entryWord?.names[0];
    if (entryWord === undefined || name === undefined) return [];
    const [wanted, there] = [shown(entryWord, value), record[name]];
    const is = there === null || there === undefined ? String(there) : entryWord.canonical(there);
    return wanted === is ? [] : [`${entry.id}: ${key} (${name}) was ${JSON.stringify(wanted)} and is ${JSON.stringify(is)}`];
  });
}
