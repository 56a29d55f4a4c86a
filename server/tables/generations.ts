// Generations of a column: when its type changes, another column takes its place, with the same id and a number behind.

/** The id that the metadata knows: `fld_x@2` → `fld_x`. */
export const baseId = (id: string): string => id.replace(/@\d+$/, '');

/** 1 for an id without a number. */
export const generationOf = (id: string): number => Number(/@(\d+)$/.exec(id)?.[1] ?? 1);

/** The id of the generation after all that are there; the bare id for the first. */
export function nextGeneration(id: string, columns: readonly { readonly id: string }[]): string {
  const base = baseId(id);
  const known = columns.filter((column) => baseId(column.id) === base).map((column) => generationOf(column.id));
  return known.length === 0 ? base : `${base}@${Math.max(...known) + 1}`;
}
