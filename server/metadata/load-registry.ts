// From folders of JSON to the registry: load, lay over each other, check, compile; or one error with every finding.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldType } from '../fields/field-type.ts';
import { fieldTypeCatalogue } from '../fields/index.ts';
import { packageRoot } from '../package-root.ts';
import { compileChecked } from './build.ts';
import { checkMetadata } from './check.ts';
import { MetadataError, type MetadataFinding } from './finding.ts';
import { appKind } from './kinds.ts';
import { layMetadata, type MetadataObject } from './layer.ts';
import { loadMetadata, type MetadataLayer, readMetadataFile, shownPath } from './load.ts';
import { pointerOf } from './pointer.ts';
import type { Registry } from './registry.ts';
import { shapeChecker } from './schema.ts';

export interface RegistryOptions {
  /** Absolute path of the application's folder, the one that holds app.json. */
  readonly metadataDir: string;
  /** Field types of the loaded plugins. Metadata of plugins is read from their folders, by the names in app.json. */
  readonly fieldTypes?: readonly FieldType[];
}

/**
 * The registry of the application in `metadataDir`, on the platform's and its plugins' metadata.
 * @throws MetadataError with every finding of every file
 */
export async function loadRegistry({ metadataDir, fieldTypes = [] }: RegistryOptions): Promise<Registry> {
  const catalogue = fieldTypeCatalogue(fieldTypes);
  const findings: MetadataFinding[] = [];
  const loaded = await loadMetadata(await metadataLayers(metadataDir));
  const { objects, findings: clashes } = layMetadata(loaded.files);
  findings.push(...loaded.findings, ...clashes, ...strayApps(objects, metadataDir));
  const checked = checkMetadata(objects, catalogue, await shapeChecker(catalogue));
  findings.push(...checked.findings);
  if (findings.length > 0) throw new MetadataError(findings);
  const documents = loaded.files.map(({ layer, kind, file, content }) => ({ layer: layer.name, kind: kind.key, file, content }));
  return compileChecked(checked, catalogue, { documents });
}

/** The platform, the plugins in the order of app.json, the application. */
export async function metadataLayers(metadataDir: string): Promise<readonly MetadataLayer[]> {
  const plugins = (await pluginNames(metadataDir)).map((name) => join(packageRoot(), 'plugins', name, 'metadata'));
  return [
    { name: 'platform', folder: join(packageRoot(), 'server', 'platform') },
    ...plugins.filter((folder) => existsSync(folder)).map((folder) => ({ name: 'plugin', folder }) as const),
    { name: 'application', folder: metadataDir },
  ];
}

/** The `plugins` of app.json; none when the file is not as it should be, which `loadRegistry` reports. */
export async function pluginNames(metadataDir: string): Promise<readonly string[]> {
  const layer: MetadataLayer = { name: 'application', folder: metadataDir };
  const read = await readMetadataFile(layer, appKind, join(metadataDir, appKind.suffix));
  const names = 'content' in read ? read.content['plugins'] : undefined;
  if (!Array.isArray(names)) return [];
  return names.filter((name): name is string => typeof name === 'string' && /^[a-z0-9-]+$/.test(name));
}

/** The application has exactly one app.json, and no other layer has one. */
function strayApps(objects: readonly MetadataObject[], metadataDir: string): readonly MetadataFinding[] {
  const layer: MetadataLayer = { name: 'application', folder: metadataDir };
  const files = objects.filter((object) => object.kind === appKind).flatMap((object) => object.files);
  const stray = files.filter((file) => file.layer.name !== 'application');
  const missing = files.length === stray.length && !existsSync(join(metadataDir, appKind.suffix));
  const app = files.find((file) => file.layer.name === 'application');
  const names = app?.content['plugins'];
  return [
    ...stray.map(({ file }) => ({ file, pointer: '', message: 'Only the application has an app.json.' })),
    ...(missing
      ? [
          {
            file: shownPath(layer, join(metadataDir, appKind.suffix)),
            pointer: '',
            message: 'The file is missing; the folder is no application without it.',
          },
        ]
      : []),
    ...(app === undefined || !Array.isArray(names) ? [] : missingPlugins(app.file, names)),
  ];
}

const missingPlugins = (file: string, names: readonly unknown[]): readonly MetadataFinding[] =>
  names.flatMap((name, at) =>
    typeof name !== 'string' || existsSync(join(packageRoot(), 'plugins', name, 'plugin.json'))
      ? []
      : [{ file, pointer: pointerOf('plugins', at), message: `There is no plugins/${name}/plugin.json.` }],
  );
