// Documents of all layers → the registry: laid over each other, checked when they are new, compiled.
import type { FieldType } from '../fields/field-type.ts';
import { canonicalConditions } from './canonical.ts';
import { type CheckedMetadata, checking } from './check.ts';
import { type CompileOptions, compiling } from './compile.ts';
import type { MetadataDocument, Transition } from './document.ts';
import { MetadataError } from './finding.ts';
import { kinds } from './kinds.ts';
import { layMetadata, type MetadataObject } from './layer.ts';
import type { MetadataFile, MetadataLayer } from './load.ts';
import type { Registry } from './registry.ts';
import { shapeChecker } from './schema.ts';
import { drained, inSlices, type Parts } from './slices.ts';
import { soundMetadata } from './sound.ts';

export interface BuildOptions {
  /** The whole catalogue, as in `Registry.fieldTypes`. */
  readonly fieldTypes: ReadonlyMap<string, FieldType>;
  readonly number?: number;
  readonly transition?: Transition;
  /** The registry's hash, where it is known. */
  readonly version?: string;
  /** true: the documents were checked before they were stored, so only what they mean is compiled. */
  readonly checked?: boolean;
}

/** @throws MetadataError with every finding; its `file` is the document's. */
export async function buildRegistry(documents: readonly MetadataDocument[], options: BuildOptions): Promise<Registry> {
  const { fieldTypes, checked: known = false, ...rest } = options;
  const { objects, findings } = layMetadata(documents.map(asFile()));
  if (known) return inSlices(compilingChecked(knownMetadata(objects), fieldTypes, { ...rest, documents }));
  const checked = await inSlices(checking(objects, fieldTypes, await shapeChecker(fieldTypes)));
  const all = [...findings, ...checked.findings];
  if (all.length > 0) throw new MetadataError(all);
  return inSlices(compilingChecked(checked, fieldTypes, { ...rest, documents }));
}

function knownMetadata(objects: readonly MetadataObject[]): Pick<CheckedMetadata, 'source' | 'layerOf'> {
  const layers = new Map(objects.map((object) => [object.value['id'], object.layer]));
  return { source: soundMetadata(objects, []).source, layerOf: (id) => layers.get(id) ?? 'application' };
}

export const compileChecked = (...input: Parameters<typeof compilingChecked>): Registry => drained(compilingChecked(...input));

/** Twice: conditions are brought to one form with what the first round knows about their fields. */
function* compilingChecked(
  { source, layerOf }: Pick<CheckedMetadata, 'source' | 'layerOf'>,
  fieldTypes: ReadonlyMap<string, FieldType>,
  options: Omit<CompileOptions, 'layerOf'>,
): Parts<Registry> {
  const first = yield* compiling(source, fieldTypes, { ...options, layerOf, version: '' });
  return yield* compiling(canonicalConditions(source, first), fieldTypes, { ...options, layerOf, like: first });
}

/** One layer object a name, as `layMetadata` tells twins by it. */
function asFile(): (document: MetadataDocument) => MetadataFile {
  const layers = new Map<string, MetadataLayer>();
  return ({ layer: name, kind: key, file, content }) => {
    const layer = layers.get(name) ?? { name, folder: '' };
    layers.set(name, layer);
    const kind = kinds.find((candidate) => candidate.key === key);
    if (kind === undefined) throw new Error(`There is no kind of metadata "${key}"`);
    return { kind, layer, file, content, lines: new Map() };
  };
}
