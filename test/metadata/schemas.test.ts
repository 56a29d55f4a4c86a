// The JSON Schemas of the engine: valid, strict, and the same in an editor as at the start.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { fieldTypes } from '../../server/fields/index.ts';
import { fieldSchema } from '../../server/metadata/field-schema.ts';
import { kinds } from '../../server/metadata/kinds.ts';
import { packageRoot } from '../../server/package-root.ts';
import { libraryFolder } from '../support/metadata.ts';

const folder = join(packageRoot(), 'metadata', 'schemas');
const read = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const schemas = readdirSync(folder).map((name) => [name, read(join(folder, name))] as const);

/** Every metadata file of a layer, by kind. */
function* filesOf(layer: string): Generator<readonly [path: string, schema: string]> {
  for (const kind of kinds) {
    const below = join(layer, kind.folder);
    let names: string[] = [];
    try {
      names = readdirSync(below);
    } catch {
      // A layer need not have every kind.
    }
    for (const name of names.filter((file) => file.endsWith(kind.suffix))) yield [join(below, name), kind.schema];
  }
}
const content = [join(packageRoot(), 'metadata'), join(packageRoot(), 'server', 'platform'), libraryFolder].flatMap((layer) => [
  ...filesOf(layer),
]);

describe('schemas', () => {
  test('each is draft-07 and called like its file', () => {
    expect(schemas.map(([name, schema]) => [name, schema['$schema'], schema['$id']])).toEqual(
      schemas.map(([name]) => [name, 'http://json-schema.org/draft-07/schema#', name]),
    );
  });

  test('each compiles, and the field schema on disk is that of the built-in types', () => {
    const ajv = new Ajv({ strictTypes: false, strictRequired: false });
    for (const [, schema] of schemas) ajv.addSchema(schema);
    for (const [name] of schemas) expect(ajv.getSchema(name)).toBeDefined();
    expect(read(join(folder, 'field.schema.json'))).toEqual(JSON.parse(JSON.stringify(fieldSchema(fieldTypes))));
  });

  test('all metadata passes them as an editor checks it, conditions included', () => {
    const ajv = new Ajv({ strictTypes: false, strictRequired: false });
    for (const [, schema] of schemas) ajv.addSchema(schema);
    const refused = content.flatMap(([path, schema]) => {
      const validate = ajv.getSchema(schema);
      return validate?.(read(path)) === true ? [] : [`${path}: ${ajv.errorsText(validate?.errors)}`];
    });
    expect(refused).toEqual([]);
    expect(content.length).toBeGreaterThan(150);
  });

  test('every file points the editor to the schema of its kind', () => {
    const wrong = content.filter(
      ([path, schema]) => resolve(dirname(path), String(read(path)['$schema'])) !== join(folder, schema),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test('objects with named properties take no others', () => {
    const open: string[] = [];
    const visit = (schema: unknown, place: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const entries = Object.entries(schema);
      const named = 'properties' in schema && 'type' in schema && schema.type === 'object' && !place.endsWith('/properties');
      if (named && !('additionalProperties' in schema) && !('allOf' in schema)) open.push(place);
      for (const [key, inner] of entries) visit(inner, `${place}/${key}`);
    };
    for (const [name, schema] of schemas) visit(schema, name);
    // Each step of the automation catalogue has settings of its own, which the catalogue checks.
    expect(open).toEqual(['workflow.schema.json/properties/steps/items']);
  });
});
