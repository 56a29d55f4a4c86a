// What a browser has to fetch before it shows a page: the JavaScript of each route, gzipped, within its budget.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';

interface Chunk {
  readonly file: string;
  /** What must be there before this one runs; dynamic imports are listed elsewhere. */
  readonly imports?: readonly string[];
}

const folder = join(packageRoot(), 'dist', 'admin-ui');
let chunks: Readonly<Record<string, Chunk>>;

beforeAll(() => {
  const path = join(folder, '.vite', 'manifest.json');
  if (!existsSync(path)) throw new Error('Build the admin UI first: npm run build:ui');
  chunks = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Chunk>>;
});

/** The files of these chunks and of everything they import. */
function filesOf(names: readonly string[], found: Set<string> = new Set()): ReadonlySet<string> {
  for (const name of names) {
    const chunk = chunks[name];
    if (chunk === undefined) throw new Error(`The build has no chunk ${name}`);
    if (found.has(chunk.file)) continue;
    found.add(chunk.file);
    filesOf(chunk.imports ?? [], found);
  }
  return found;
}

/** kB of 1000 bytes, as browsers and Vite count. */
const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1000;

/** What is fetched on every page, by dynamic import too: the texts; and behind the door the frame and its icons. */
const everywhere = ['index.html', '../metadata/locales/en.json'];
const inside = [...everywhere, 'src/shell/rooms.tsx', 'src/shell/entity-icons.tsx'];

describe('the JavaScript of a page', () => {
  test.each([
    ['the sign-in page', [...everywhere, 'src/session/sign-in-page.tsx'], 136],
    ['a list', [...inside, 'src/list/list-page.tsx'], 206],
    ['a record with its form', [...inside, 'src/record/record-page.tsx'], 335],
    ['a new record with its form', [...inside, 'src/record/create-page.tsx'], 336],
  ])('of %s stays within its budget', (_page, names, budget) => {
    const size = kilobytes(filesOf(names));
    expect(size).toBeLessThanOrEqual(budget);
    // A budget far above what is needed would let the page grow unseen.
    expect(size).toBeGreaterThan(budget * 0.85);
  });
});
