// The schemas that are served are assumed to be valid, so that nobody waits for the proof; here it is.
import { describe, expect, test } from '@jest/globals';
import { buildASTSchema, parse, printSchema, validateSchema } from 'graphql';
import { schemaOf } from '../../server/graphql/schema.ts';
import { applyChanges } from '../../server/metadata/changes/apply-changes.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { crmRegistry, libraryRegistry } from '../support/registry.ts';

const errorsOf = (registry: Registry) => validateSchema(buildASTSchema(parse(printSchema(schemaOf(registry))))).map(String);

describe.each([
  ['the library', libraryRegistry],
  ['the shipped application', crmRegistry],
])('%s', (_name, load) => {
  test('has a valid schema, and one with everything that was renamed under its former names, too', async () => {
    const registry = await load();
    expect(errorsOf(registry)).toEqual([]);
    const own = [...registry.entities.values()].filter(({ layer }) => layer === 'application');
    const { issues, registry: renamed } = await applyChanges(
      registry,
      own.map(({ name, singular }) => ({ op: 'renameEntity', entity: name, to: `x_${name}`, singular: `x_${singular}` })),
    );
    expect(issues).toEqual([]);
    expect(errorsOf(renamed)).toEqual([]);
  });
});
