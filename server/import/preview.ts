// What an import would make of the first rows: they are written as an import writes them, and then taken back.
import type { Entity } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { cellText, type FileRow } from './formats/row-file.ts';
import { compileMapping } from './mapping.ts';
import { referenceFinder } from './references.ts';
import type { Reject, Warning } from './rejects.ts';
import { cellOf, rowInput } from './row-input.ts';
import { type RowResult, writeRows } from './write-rows.ts';

export interface PreviewedRow {
  readonly row: number;
  readonly outcome: RowResult['outcome'];
  /** By target, as the file has it and as the mapping's own table reads it. */
  readonly texts: Readonly<Record<string, string>>;
  /** By field name, as it would be written. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly Omit<Reject, 'row'>[];
  readonly warning?: Omit<Warning, 'row'> | undefined;
}

/** Thrown so that the transaction is rolled back. */
class Previewed extends Error {
  readonly rows: readonly PreviewedRow[];
  constructor(rows: readonly PreviewedRow[]) {
    super('previewed');
    this.rows = rows;
  }
}

/**
 * @param entity as the importer sees it
 * @throws problem `validation_failed` for a mapping that does not fit
 */
export async function previewRows(
  repository: Repository,
  context: Context,
  entity: Entity,
  mapping: ImportMappingMetadata,
  header: readonly string[],
  rows: readonly FileRow[],
): Promise<readonly PreviewedRow[]> {
  const compiled = compileMapping(seenBy(context), entity, mapping, header);
  const services = { repository, mapping: compiled, finder: referenceFinder(repository) };
  const inputs = rows.map((row) => rowInput(compiled, row));
  const importing: Context = { ...context, source: 'import', dry: true };
  try {
    return await repository.transaction(importing, async (inner) => {
      const previewed: PreviewedRow[] = [];
      await writeRows(inner, services, inputs, ({ row, cells }, { outcome, input, rejects, warning }) => {
        const texts = Object.fromEntries(
          compiled.fields.map((mapped) => [mapped.path, cellText(mapped.constant ?? cellOf(mapped, cells))]),
        );
        const problems = rejects.map(({ row: _row, ...reject }) => reject);
        previewed.push({ row, outcome, texts, values: input, problems, warning });
      });
      throw new Previewed(previewed);
    });
  } catch (error) {
    if (error instanceof Previewed) return error.rows;
    throw error;
  }
}
