import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { codeRoot, packageRoot, sourceFile } from '../server/package-root.ts';

test('the package root holds package.json', () => {
  expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
});

test('running from source, code lies under the package root and keeps its ending', () => {
  expect(codeRoot()).toBe(packageRoot());
  expect(sourceFile('server/config.ts')).toBe(join(packageRoot(), 'server/config.ts'));
});
