// `formwork types`: a typed TypeScript client of the metadata in one file.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { clientFile } from '../client-types/client-file.ts';
import { withMetadata } from './with-metadata.ts';

export function typesCommand(program: Command): void {
  program
    .command('types')
    .description('Write a typed TypeScript client of the metadata in force, as one file without dependencies')
    .option('--out <file>', 'where to; without it the text is printed')
    .option('--version <number>', 'of an earlier version instead of the one in force')
    .action(({ out, version }: { out?: string; version?: string }) =>
      withMetadata(1, async ({ named }) => {
        const registry = await named(version ?? 'live');
        const text = await clientFile(registry);
        if (out === undefined) return { text: text.trimEnd() };
        await writeFile(out, text);
        return { text: `${out}: ${registry.entities.size} entities of metadata ${registry.version}.` };
      }),
    );
}
