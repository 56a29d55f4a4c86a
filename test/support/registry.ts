// The registry of the shipped application, compiled once a test file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldTypes } from '../../server/fields/index.ts';
import { compileRegistry } from '../../server/metadata/compile.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { MetadataSource } from '../../server/metadata/types.ts';
import { packageRoot } from '../../server/package-root.ts';

let compiled: Registry | undefined;

export async function crmRegistry(): Promise<Registry> {
  compiled ??= compileRegistry(source(), fieldTypes);
  return compiled;
}

function source(): MetadataSource {
  const read = (folder: string): never[] => {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as never);
    } catch {
      return [];
    }
  };
  const both = (kind: string): never[] => [
    ...read(join(packageRoot(), 'server/platform', kind)),
    ...read(join(packageRoot(), 'metadata', kind)),
  ];
  return {
    app: JSON.parse(readFileSync(join(packageRoot(), 'metadata/app.json'), 'utf8')) as MetadataSource['app'],
    entities: both('entities'),
    optionSets: both('option-sets'),
    roles: both('roles'),
    layouts: both('layouts'),
    views: both('views'),
    dashboards: both('dashboards'),
    workflows: both('workflows'),
    importMappings: both('imports'),
  };
}
