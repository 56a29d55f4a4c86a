// Lays the layers over each other: an object with an id that an earlier layer has is merged over it.
import type { MetadataFinding } from './finding.ts';
import { appKind, kinds, type MetadataKind } from './kinds.ts';
import type { MetadataFile } from './load.ts';
import { depthOf, isObject, type JsonObject } from './pointer.ts';
import type { Entity } from './registry.ts';

/** One object of the metadata after all layers, and the files that it came from, lowest layer first. */
export interface MetadataObject {
  readonly kind: MetadataKind;
  /** The layer that has it first. */
  readonly layer: Entity['layer'];
  readonly value: JsonObject;
  readonly files: readonly MetadataFile[];
}

/** Values that only mean something as a whole: a later layer replaces them. */
export const wholes: ReadonlySet<string> = new Set(['filter', 'when', 'visibleWhen', 'requiredWhen', 'readOnlyWhen', 'default']);
/** Objects whose keys are names that people chose, so that a key called `default` is a field like any other. */
export const nameMaps: ReadonlySet<string> = new Set(['fields', 'relations', 'entities', 'label']);

/** Of the objects whose keys are names, those whose members have ids. */
const memberMaps: ReadonlySet<string> = new Set(['fields', 'relations']);

/**
 * Objects in order of first appearance, those of the custom layer in that of their ids. Maps are merged key by key,
 * lists and conditions replaced, null takes a key away, `"retired": true` the whole object.
 * A second file with the same kind and id in one layer is a finding, not an override.
 */
export function layMetadata(files: readonly MetadataFile[]): {
  readonly objects: readonly MetadataObject[];
  readonly findings: readonly MetadataFinding[];
} {
  const objects = new Map<unknown, MetadataObject>();
  const findings: MetadataFinding[] = [];
  for (const file of inOrder(files)) {
    const { $schema: _, ...content } = file.content;
    // Without a usable id the file stands for itself; its schema then says what is wrong with the id.
    const key = file.kind === appKind ? 'app' : typeof content['id'] === 'string' ? `${file.kind.key} ${content['id']}` : file;
    const below = objects.get(key);
    const twin = below?.files.find((other) => other.layer === file.layer);
    if (below === undefined) {
      objects.set(key, { kind: file.kind, layer: file.layer.name, value: content, files: [file] });
    } else if (twin !== undefined) {
      const message = `The id "${content['id']}" already stands in ${twin.file}.`;
      findings.push({ ...placed(file, '/id'), pointer: '/id', message });
    } else {
      objects.set(key, { ...below, value: mergeOver(below.value, content, ''), files: [...below.files, file] });
    }
  }
  return { objects: [...objects.values()].filter(({ value }) => value['retired'] !== true), findings };
}

/** The order in which customisations were made means nothing: in another database they may have come in another one. */
function inOrder(files: readonly MetadataFile[]): readonly MetadataFile[] {
  const place = (file: MetadataFile): string => `${String(kinds.indexOf(file.kind)).padStart(3)} ${String(file.content['id'])}`;
  const custom = files.filter((file) => file.layer.name === 'custom').sort((a, b) => (place(a) < place(b) ? -1 : 1));
  return [...files.filter((file) => file.layer.name !== 'custom'), ...custom];
}

/** `removals: 'kept'` leaves the nulls that take keys away, for a layer that is laid over others later. */
export function mergeOver(below: JsonObject, above: JsonObject, parent: string, removals: 'done' | 'kept' = 'done'): JsonObject {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const old = merged.get(key);
    const whole = wholes.has(key) && !nameMaps.has(parent);
    if (value === null && removals === 'done') merged.delete(key);
    else if (isObject(old) && isObject(value) && !whole) merged.set(key, mergeOver(old, value, key, removals));
    else merged.set(key, value);
  }
  return Object.fromEntries(memberMaps.has(parent) ? inPlace(below, merged) : merged);
}

/** A member that goes on under another name stands where it stood, so that a rename moves nothing on screens. */
function inPlace(below: JsonObject, merged: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const idOf = (value: unknown): unknown => (isObject(value) ? value['id'] : undefined);
  const added = new Map([...merged].filter(([key]) => !Object.hasOwn(below, key)).map(([key, value]) => [idOf(value), key]));
  const placed = new Map<string, unknown>();
  for (const [key, value] of Object.entries(below)) {
    if (merged.has(key)) placed.set(key, merged.get(key));
    const next = isObject(merged.get(key)) ? undefined : added.get(idOf(value) ?? key);
    if (next !== undefined) placed.set(next, merged.get(next));
  }
  for (const [key, value] of merged) if (!placed.has(key)) placed.set(key, value);
  return placed;
}

/** The file and line that a pointer into the merged object means: the highest layer that has the most of its path. */
export function placeOf(object: MetadataObject, pointer: string): { readonly file: string; readonly line?: number } {
  const file = fileOf(object, pointer);
  return file === undefined ? { file: '' } : placed(file, pointer);
}

/** The layer whose file that is. */
export const layerAt = (object: MetadataObject, pointer: string): MetadataObject['layer'] =>
  (object.files.length === 1 ? undefined : fileOf(object, pointer)?.layer.name) ?? object.layer;

function fileOf(object: MetadataObject, pointer: string): MetadataFile | undefined {
  const depths = object.files.map((file) => depthOf(file.content, pointer));
  const best = depths.lastIndexOf(Math.max(...depths));
  return object.files[best] ?? object.files[0];
}

function placed(file: MetadataFile, pointer: string): { readonly file: string; readonly line?: number } {
  let at = pointer;
  while (at !== '' && !file.lines.has(at)) at = at.slice(0, at.lastIndexOf('/'));
  const line = file.lines.get(at);
  return { file: file.file, ...(line === undefined ? {} : { line }) };
}
