// `formwork export <entity>`: the records as CSV or NDJSON, to a file or the terminal.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Parts } from '../app/parts.ts';
import { type ExportFormat, exportRecords } from '../import/export-file.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenEntity } from '../repository/access.ts';
import { systemContext } from '../repository/context.ts';
import { actingAs, withParts } from './with-parts.ts';

interface Options {
  readonly format: ExportFormat;
  readonly out?: string;
  readonly query: string;
  readonly as?: string;
}

export function exportCommand(program: Command): void {
  program
    .command('export')
    .description('Write the records of an entity as CSV or NDJSON')
    .argument('<entity>', 'plural name of the entity')
    .addOption(new Option('--format <format>', 'form of the file').choices(['csv', 'ndjson']).default('csv'))
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
  const query = parseListQuery(registry, entity, new URLSearchParams(options.query));
  const out = options.out === undefined ? process.stdout : createWriteStream(options.out);
  for await (const text of exportRecords(parts.repository, { context, entity, query }, options.format)) {
    if (!out.write(text)) await once(out, 'drain');
  }
  if (out === process.stdout) return;
  out.end();
  await finished(out);
}
