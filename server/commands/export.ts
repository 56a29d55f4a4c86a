// `formwork export <entity>`: the records as CSV, NDJSON or XLSX, to a file or the terminal.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Parts } from '../app/parts.ts';
import { exportFile } from '../import/export-file.ts';
import { type FileFormat, fileFormats } from '../import/formats/row-file.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenEntity } from '../repository/access.ts';
import { systemContext } from '../repository/context.ts';
import { progressLine } from './progress-line.ts';
import { actingAs, withParts } from './with-parts.ts';

interface Options {
  readonly format: FileFormat;
  readonly out?: string;
  readonly query: string;
  readonly as?: string;
}

export function exportCommand(program: Command): void {
  program
    .command('export')
    .description('Write the records of an entity as CSV, NDJSON or XLSX')
    .argument('<entity>', 'plural name of the entity')
    .addOption(new Option('--format <format>', 'form of the file').choices(fileFormats).default('csv'))
    .option('--query <parameters>', 'which records, as in the address of a list: "status[eq]=open&sort=name"', '')
    .option('--out <file>', 'write to this file instead of the terminal')
    .option('--as <email>', 'export as this user instead of the first administrator')
    .action((entity: string, options: Options) => withParts((parts) => exportTo(parts, entity, options)));
}

async function exportTo(parts: Parts, name: string, options: Options): Promise<void> {
  const registry = parts.registry.current();
  const context = systemContext(registry, 'api', { actor: await actingAs(parts, options.as) });
  const entity = seenEntity(context, name);
  requireOperation(context, entity, 'export');
  const query = { ...parseListQuery(registry, entity, new URLSearchParams(options.query)), right: 'export' as const };
  const out = options.out === undefined ? process.stdout : createWriteStream(options.out);
  const progress = progressLine();
  const onPage = (records: number): void => progress.show(`${records} records`);
  for await (const chunk of exportFile(parts.repository, { context, entity, query }, options.format, { onPage })) {
    if (!out.write(chunk)) await once(out, 'drain');
  }
  progress.clear();
  if (out === process.stdout) return;
  out.end();
  await finished(out);
}
