// What the clients of the live change may say at the moment: the names and values that the metadata in force understands.

export interface Word {
  /** All names that are understood now, former ones included; clients use any of them. */
  names: readonly string[];
  /** A value for the n-th write. */
  readonly sample: (n: number) => unknown;
  /** The same text for the same value, before and after a change of its type. */
  readonly canonical: (value: unknown) => string;
  /** true: no record is created without it. */
  demanded?: boolean;
  /** false: nobody writes it for now. */
  writable: boolean;
  /** Replacements of stored values that the metadata has asked for. */
  replaced: Readonly<Record<string, string>>;
}

export interface Vocabulary {
  /** Plural and singular names that are understood; by their position they belong together. */
  readonly plurals: string[];
  readonly singulars: string[];
  /** Key: the name of the word for these tests, which no change touches. */
  readonly words: Map<string, Word>;
}

const text = (value: unknown): string => String(value);
const number = (value: unknown): string => String(Number(value));

export const word = (name: string, sample: Word['sample'], canonical: Word['canonical'] = text): Word => ({
  names: [name],
  sample,
  canonical,
  writable: true,
  replaced: {},
});

export const canonicals = { text, number, day: (value: unknown): string => text(value).slice(0, 10) };

/** Any of them, the n-th time another one. */
export function pick<T>(values: readonly T[], n: number): T {
  const value = values[n % values.length];
  if (value === undefined) throw new Error('There is nothing to pick from');
  return value;
}

/** The value that a record shows now for what was written under this word. */
export function shown(entry: Word, value: unknown): string {
  const canonical = entry.canonical(value);
  return entry.replaced[canonical] ?? canonical;
}
