// Where the package lies on disk: data files (metadata/, locales) under its root, code modules beside this one.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
let found: string | undefined;

/** The folder that holds package.json: the same one from source (jest) and from dist/. Absolute, no trailing slash. */
export function packageRoot(): string {
  found ??= walkUp(dirname(here));
  return found;
}

/** The folder of code modules: the package root when running from source, its dist/ when running compiled. */
export function codeRoot(): string {
  return dirname(dirname(here));
}

/**
 * The file to `import()` for a module that is written as `relative` in the repository.
 * @param relative path of the TypeScript source from the package root, e.g. `migrations/0001_system.ts`
 * @returns an absolute path, ending in .ts from source and in .js from dist/; it need not exist
 */
export function sourceFile(relative: string): string {
  const file = join(codeRoot(), relative);
  return here.endsWith('.ts') ? file : file.replace(/\.ts$/, '.js');
}

function walkUp(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`No package.json above ${here}`);
  return walkUp(parent);
}
