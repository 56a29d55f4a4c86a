// Layers over layers, in memory.
import { describe, expect, test } from '@jest/globals';
import { kinds } from '../../server/metadata/kinds.ts';
import { layMetadata, placeOf } from '../../server/metadata/layer.ts';
import type { MetadataFile, MetadataLayer } from '../../server/metadata/load.ts';

const platform: MetadataLayer = { name: 'platform', folder: '/platform' };
const application: MetadataLayer = { name: 'application', folder: '/application' };

function file(
  layer: MetadataLayer,
  name: string,
  content: MetadataFile['content'],
  lines: [string, number][] = [],
): MetadataFile {
  const kind = kinds.find(({ key }) => key === 'views');
  if (kind === undefined) throw new Error('There are no views');
  return { kind, layer, file: name, content, lines: new Map(lines) };
}

const laid = (below: object, above: object): unknown => {
  const files = [file(platform, 'below', { id: 'v', ...below }), file(application, 'above', { id: 'v', ...above })];
  return layMetadata(files).objects.map(({ value }) => value);
};

describe('the upper layer', () => {
  test('replaces conditions and defaults, never mixes them', () => {
    const condition = (word: string): object => ({ [word]: [{ fact: 'a', operator: 'isEmpty' }] });
    expect(
      laid(
        { filter: condition('all'), fields: { a: { default: { x: 1 }, visibleWhen: condition('all') } } },
        { filter: condition('any'), fields: { a: { default: { y: 2 }, visibleWhen: condition('any') } } },
      ),
    ).toEqual([{ id: 'v', filter: condition('any'), fields: { a: { default: { y: 2 }, visibleWhen: condition('any') } } }]);
  });

  test('merges fields that happen to be called like a condition', () => {
    expect(
      laid({ fields: { filter: { a: 1 }, default: { b: 1 } } }, { fields: { filter: { c: 1 }, default: { d: 1 } } }),
    ).toEqual([{ id: 'v', fields: { filter: { a: 1, c: 1 }, default: { b: 1, d: 1 } } }]);
  });

  test('replaces lists and takes away with null', () => {
    expect(laid({ columns: ['a', 'b'], sort: ['a'] }, { columns: ['c'], sort: null })).toEqual([{ id: 'v', columns: ['c'] }]);
  });

  test('cannot reach a prototype', () => {
    laid(
      { fields: {} },
      JSON.parse('{ "__proto__": { "polluted": true }, "fields": { "__proto__": { "polluted": true } } }') as object,
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

test('files without a usable id stand for themselves', () => {
  const { objects, findings } = layMetadata([file(platform, 'a', {}), file(platform, 'b', { id: 7 })]);
  expect({ objects: objects.length, findings }).toEqual({ objects: 2, findings: [] });
});

test('a place is in the highest file that has the most of the path, at its nearest known line', () => {
  const below = file(platform, 'below', { id: 'v', label: { en: 'x' } }, [
    ['', 1],
    ['/label', 3],
    ['/label/en', 4],
  ]);
  const above = file(application, 'above', { id: 'v', columns: ['a'] }, [
    ['', 1],
    ['/columns', 2],
  ]);
  const [object] = layMetadata([below, above]).objects;
  if (object === undefined) throw new Error('Nothing was laid');
  expect(placeOf(object, '/label/en')).toEqual({ file: 'below', line: 4 });
  expect(placeOf(object, '/label/de')).toEqual({ file: 'below', line: 3 });
  expect(placeOf(object, '/columns/7')).toEqual({ file: 'above', line: 2 });
  expect(placeOf(object, '')).toEqual({ file: 'above', line: 1 });
});
