// The browser imports server/conditions: its files import only each other and packages that run there.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const folder = new URL('../../server/conditions/', import.meta.url);
const browserPackages = ['big.js', 'fastest-levenshtein'];

test('files of conditions/ import only each other and packages that run in a browser', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files).toContain('operators.ts');
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
    const strange = imported.filter(
      (name) => !(name.startsWith('./') ? files.includes(name.slice(2)) : browserPackages.includes(name)),
    );
    expect({ file, strange }).toEqual({ file, strange: [] });
    expect({ file, global: /\b(?:process|Buffer|require|__dirname)\b\s*[.(]/.test(text) }).toEqual({ file, global: false });
  }
});
