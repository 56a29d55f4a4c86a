// `formwork import <entity> <file>`: a file straight into the database, with progress, a summary and the rejects.
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Parts } from '../app/parts.ts';
import { openRows } from '../import/formats/open-rows.ts';
import { type FileFormat, fileFormats } from '../import/formats/row-file.ts';
import { givenMapping } from '../import/given-mapping.ts';
import { importFile, mappingNamed, type WrittenChunk } from '../import/import-file.ts';
import type { ImportTotals } from '../import/import-totals.ts';
import { inspectFile } from '../import/inspect-file.ts';
import { rejectsCsv } from '../import/rejects.ts';
import { readJson } from '../metadata/json-text.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { entityFor } from '../repository/access.ts';
import { systemContext } from '../repository/context.ts';
import { progressLine } from './progress-line.ts';
import { actingAs, withParts } from './with-parts.ts';

interface Options {
  readonly map: string;
  readonly rejects?: string;
  readonly onInvalid?: 'rejectRow' | 'rejectField';
  readonly format?: FileFormat;
  readonly as?: string;
}

export function importCommand(program: Command): void {
  program
    .command('import')
    .description('Import a file; importing it again changes nothing')
    .argument('<entity>', 'plural name of the entity')
    .argument('<file>', 'CSV, NDJSON or XLSX file; its name ends so')
    .requiredOption('--map <mapping>', 'name of an import mapping of the application, or a JSON file')
    .option('--rejects <file>', 'write what could not be taken to this CSV file')
    .addOption(
      new Option('--on-invalid <what>', 'what a value that is refused does, for the whole mapping').choices([
        'rejectRow',
        'rejectField',
      ]),
    )
    .option('--as <email>', 'import as this user instead of the first administrator')
    .addOption(new Option('--format <format>', 'form of the file, where its name does not tell').choices(fileFormats))
    .action((entity: string, file: string, options: Options) => withParts((parts) => importTo(parts, entity, file, options)));
}

async function importTo(parts: Parts, entity: string, file: string, options: Options): Promise<void> {
  const registry = parts.registry.current();
  const actor = await actingAs(parts, options.as);
  const context = systemContext(registry, 'import', { actor });
  const mapping = withOnInvalid(await mappingOf(parts, entityFor(context, entity).name, options.map), options.onInvalid);
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const shape = await inspectFile(file, options.format ?? formatOf(file), mapping.format?.delimiter);
  const rejects = options.rejects === undefined ? undefined : createWriteStream(options.rejects);
  rejects?.write(rejectsCsv(shape, [], true));
  const progress = progressLine();
  const began = performance.now();
  try {
    const totals = await importFile({
      repository: parts.repository,
      context,
      entity,
      mapping,
      file: await openRows(shape, createReadStream(file)),
      onProgress: async (now, chunk) => {
        progress.show(`${now.read} of ${shape.rows} rows, ${now.rejected} rejected`);
        if (rejects !== undefined && !rejects.write(rejectsCsv(shape, rejectedIn(chunk), false))) await once(rejects, 'drain');
      },
    });
    progress.clear();
    process.stdout.write(`${summary(totals, (performance.now() - began) / 1000)}\n`);
  } finally {
    if (rejects !== undefined) await finished(rejects.end());
  }
  if (options.rejects !== undefined) process.stdout.write(`What could not be taken stands in ${options.rejects}.\n`);
}

const formatOf = (file: string): FileFormat =>
  fileFormats.find((format) => file.toLowerCase().endsWith(`.${format}`)) ?? (/\.jsonl$/i.test(file) ? 'ndjson' : 'csv');

/** Rows with anything that was left out, each once. */
const rejectedIn = ({ rows, rejects }: WrittenChunk) =>
  rows
    .map(({ row, cells }) => ({ row, cells, findings: rejects.filter((reject) => reject.row === row) }))
    .filter(({ findings }) => findings.length > 0);

/** A file where there is one of that name, else a mapping of the application. */
async function mappingOf(parts: Parts, entity: string, given: string): Promise<ImportMappingMetadata> {
  const registry = parts.registry.current();
  if (!existsSync(given)) {
    const named = mappingNamed(registry, given);
    if (named !== undefined) return named;
    const known = [...registry.importMappings.keys()].join(', ');
    throw new Error(`There is no file and no import mapping "${given}"; the mappings are ${known || 'none'}.`);
  }
  const read = readJson(await readFile(given, 'utf8'));
  if ('error' in read) throw new Error(`${given}:${read.error.line} is not valid JSON: ${read.error.message}`);
  return givenMapping(read.value, entity, '');
}

/** `--on-invalid` is for this run: it goes over what the mapping says, field by field. */
function withOnInvalid(mapping: ImportMappingMetadata, onInvalid: Options['onInvalid']): ImportMappingMetadata {
  if (onInvalid === undefined) return mapping;
  const fields = Object.entries(mapping.fields).map(([name, field]) => [name, { ...field, onInvalid }] as const);
  return { ...mapping, onInvalid, fields: Object.fromEntries(fields) };
}

const summary = (totals: ImportTotals, seconds: number): string =>
  [
    `${totals.read} rows read in ${seconds.toFixed(1)} s: ${totals.accepted} accepted, ${totals.skipped} skipped, ${totals.rejected} rejected.`,
    `${totals.created} created, ${totals.updated} updated, ${totals.unchanged} unchanged; ${totals.fieldsRejected} values left out, ${totals.duplicates} possible duplicates.`,
  ].join('\n');
