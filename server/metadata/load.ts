// Reads the metadata files of the layers from disk; what cannot be read or parsed is a finding.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { didYouMean } from '../conditions/did-you-mean.ts';
import { errorCode } from '../error-code.ts';
import { packageRoot } from '../package-root.ts';
import type { MetadataFinding } from './finding.ts';
import { readJson } from './json-text.ts';
import { appKind, kinds, type MetadataKind, otherFolders } from './kinds.ts';
import type { JsonObject } from './pointer.ts';
import { isObject } from './pointer.ts';
import type { Entity } from './registry.ts';

export interface MetadataLayer {
  readonly name: Entity['layer'];
  /** Absolute path of the folder that holds entities/, roles/ … */
  readonly folder: string;
}

export interface MetadataFile {
  readonly kind: MetadataKind;
  readonly layer: MetadataLayer;
  /** As findings name it. */
  readonly file: string;
  readonly content: JsonObject;
  readonly lines: ReadonlyMap<string, number>;
}

export interface LoadedMetadata {
  readonly files: readonly MetadataFile[];
  readonly findings: readonly MetadataFinding[];
}

/** All files of the layers, in the order of the layers, then of the kinds, then by file name. A missing folder is an empty one. */
export async function loadMetadata(layers: readonly MetadataLayer[]): Promise<LoadedMetadata> {
  const files: MetadataFile[] = [];
  const findings: MetadataFinding[] = [];
  for (const layer of layers) {
    for (const kind of kinds) {
      for (const path of await filesOf(layer, kind, findings)) {
        const read = await readMetadataFile(layer, kind, path);
        if ('content' in read) files.push(read);
        else findings.push(...read);
      }
    }
    findings.push(...(await strangeFolders(layer)));
  }
  return { files, findings };
}

/** `metadata/entities/x.entity.json`, also for an application outside of the package. */
export function shownPath(layer: MetadataLayer, path: string): string {
  const fromRoot = relative(packageRoot(), path);
  const shown = fromRoot.startsWith('..') ? join(basename(layer.folder), relative(layer.folder, path)) : fromRoot;
  return shown.split(sep).join('/');
}

async function filesOf(layer: MetadataLayer, kind: MetadataKind, findings: MetadataFinding[]): Promise<readonly string[]> {
  const folder = join(layer.folder, kind.folder);
  const names = (await namesIn(folder)).sort();
  if (kind === appKind) return names.includes(kind.suffix) ? [join(folder, kind.suffix)] : [];
  for (const name of names) {
    if (name.endsWith(kind.suffix) || name.startsWith('.')) continue;
    const message = `Files of this folder are called <name>${kind.suffix}; this one would not be read.`;
    findings.push({ file: shownPath(layer, join(folder, name)), pointer: '', message });
  }
  return names.filter((name) => name.endsWith(kind.suffix) && !name.startsWith('.')).map((name) => join(folder, name));
}

async function strangeFolders(layer: MetadataLayer): Promise<readonly MetadataFinding[]> {
  const known = [...kinds.map((kind) => kind.folder || kind.suffix), ...otherFolders];
  return (await namesIn(layer.folder))
    .filter((name) => !known.includes(name) && !name.startsWith('.') && !/\.(md|ts|js|js\.map)$/.test(name))
    .map((name) => ({
      file: shownPath(layer, join(layer.folder, name)),
      pointer: '',
      message: `Nothing here is called so, and it would not be read.${didYouMean(name, known)}`,
    }));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** One file, or what is wrong with it. */
export async function readMetadataFile(
  layer: MetadataLayer,
  kind: MetadataKind,
  path: string,
): Promise<MetadataFile | readonly MetadataFinding[]> {
  const file = shownPath(layer, path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return [{ file, pointer: '', message: `The file cannot be read (${errorCode(error)}).` }];
  }
  const read = readJson(text);
  if ('error' in read) {
    const { line, column, message } = read.error;
    return [{ file, pointer: '', line, message: `Not valid JSON at line ${line}, column ${column}. ${message}` }];
  }
  const { value, lines, twice } = read;
  if (twice.length > 0) {
    return twice.map((pointer) => ({
      file,
      pointer,
      line: lines.get(pointer) ?? 1,
      message: 'This key stands twice in its object.',
    }));
  }
  if (!isObject(value)) return [{ file, pointer: '', line: 1, message: `The file must hold one object, the ${kind.one}.` }];
  return { kind, layer, file, content: value, lines };
}
