// Files for import tests: small ones in memory, and the data sets that lie beside the checkout.
import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCsv } from '../../server/import/formats/csv.ts';
import { type ImportOptions, importFile } from '../../server/import/import-file.ts';
import type { ImportTotals } from '../../server/import/import-totals.ts';
import type { Reject, Warning } from '../../server/import/rejects.ts';
import type { ImportMappingMetadata } from '../../server/metadata/types.ts';
import { packageRoot } from '../../server/package-root.ts';
import type { TestApp } from '../support/app.ts';

const dataFolder = process.env['FORMWORK_TEST_DATA'] || resolve(packageRoot(), '../shared/data');

/** Absolute path of a file of the data sets (`npsp/Account.csv`); undefined where they are not. */
export function dataFile(name: string): string | undefined {
  const path = join(dataFolder, name);
  return existsSync(path) ? path : undefined;
}

export interface Imported extends ImportTotals {
  readonly rejects: readonly Reject[];
}

/** Imports text or, when `file` is a path, that file. `mapping` is one of the shipped ones by its id, or a mapping. */
export async function imports(
  app: TestApp,
  mapping: string | Omit<ImportMappingMetadata, 'id'>,
  file: { readonly text: string | Buffer } | { readonly path: string },
  over: Partial<ImportOptions> = {},
  warnings: Warning[] = [],
): Promise<Imported> {
  const given = typeof mapping === 'string' ? app.registry.importMappings.get(mapping) : mapping;
  if (given === undefined) throw new Error(`There is no mapping ${String(mapping)}`);
  const rejects: Reject[] = [];
  const totals = await importFile({
    repository: app.repository,
    context: app.context({ source: 'import' }),
    entity: given.entity,
    mapping: { id: 'test', ...given },
    file: await readCsv('path' in file ? createReadStream(file.path) : chunk(file.text), given.format?.delimiter),
    onProgress: (_totals, found) => {
      rejects.push(...found.rejects);
      warnings.push(...found.warnings);
    },
    ...over,
  });
  return { ...totals, rejects };
}

async function* chunk(text: string | Buffer): AsyncGenerator<string | Buffer, void> {
  yield text;
}
