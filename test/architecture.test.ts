// The house holds: imports point down, peers do not know each other, the engine names no business.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../server/package-root.ts';

const root = packageRoot();
const tracked = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean);

/** Floors from the ground up; a file may import its own floor's own room and every floor below. */
const floors: readonly (readonly string[])[] = [
  ['problem', 'config', 'package-root', 'error-code', 'http', 'database', 'jobs', 'mail', 'telemetry'],
  ['conditions', 'matching'],
  ['formulas'],
  ['fields'],
  ['metadata'],
  ['query', 'tables'],
  ['repository', 'versions'],
  [
    'rest',
    'graphql',
    'forms',
    'auth',
    'automation',
    'import',
    'files',
    'features',
    'plugins',
    'platform',
    'studio',
    'client-types',
  ],
  ['app'],
  ['commands'],
  ['main'],
];

/** `server/rest/routes.ts` → `rest`; `server/app.ts` → `app`. */
const roomOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '');
const floorOf = (room: string): number => floors.findIndex((floor) => floor.includes(room));

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:^|\s)(?:import|export)\s[^;]*?from\s+'(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(file), match[1] ?? '')),
  );

const sources = tracked('server/*.ts').filter((file) => !file.endsWith('.test.ts'));

describe('the house', () => {
  test('every room of server/ stands on a floor', () => {
    const rooms = [...new Set(sources.map(roomOf))];
    expect(rooms.filter((room) => floorOf(room) === -1)).toEqual([]);
  });

  test('imports point down, and peers do not import each other', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const room = roomOf(file);
      for (const target of importsOf(file).filter((path) => path.startsWith('server/'))) {
        const other = roomOf(target);
        if (other !== room && floorOf(other) >= floorOf(room) && !(floorOf(room) === 0 && sharedLeaves.has(other)))
          wrong.push(`${file} → ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('the conditions run in a browser: they import nothing but each other and pure packages', () => {
    const foreign = tracked('server/conditions/*.ts').flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/from\s+'([^']+)'/g)]
        .map((match) => match[1] ?? '')
        .filter((specifier) => !specifier.startsWith('./') && !['big.js', 'fastest-levenshtein'].includes(specifier))
        .map((specifier) => `${file}: ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  test('the engine names no business entity and no prefix of an application', () => {
    const pattern = /\b(contacts|leads|opportunity|opportunities|tickets?|invoices?|campaigns?|pricebook|crm_[a-z_]+)\b/i;
    const named = tracked('server', 'admin-ui/src').flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
        .filter(({ line }) => pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line))
        .map(({ line, place }) => `${place} ${line.trim()}`),
    );
    expect(named).toEqual([]);
  });

  test('every source file says on its first line what it is for, and none is over 250 lines', () => {
    const files = [...sources, ...tracked('plugins/*.ts', 'migrations/*.ts', 'admin-ui/src/*.ts', 'admin-ui/src/*.tsx')];
    const silent = files.filter((file) => !/^(\/\/ |#!)/.test(readFileSync(join(root, file), 'utf8')));
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 251);
    expect({ silent, long }).toEqual({ silent: [], long: [] });
  });

  test('what test files share is loaded once for many of them, so it registers nothing while it is loaded', () => {
    const shared = tracked('test/*.ts', 'plugins/*.ts').filter((file) => !file.endsWith('.test.ts'));
    const pattern = /^(afterAll|afterEach|beforeAll|beforeEach|describe|test|jest)\b[.(]/m;
    expect(shared.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

/** Leaves that other leaves may use: the catalogue of problems, the configuration, the log, the package's place. */
const sharedLeaves = new Set(['problem', 'config', 'telemetry', 'package-root', 'error-code']);
