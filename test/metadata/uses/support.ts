// The documents of a registry as whole objects, with rewrites put into them, and what the checks find in the result.
import { compileChecked } from '../../../server/metadata/build.ts';
import { checkMetadata } from '../../../server/metadata/check.ts';
import { findingText } from '../../../server/metadata/finding.ts';
import { kinds } from '../../../server/metadata/kinds.ts';
import { layMetadata, type MetadataObject } from '../../../server/metadata/layer.ts';
import type { MetadataLayer } from '../../../server/metadata/load.ts';
import type { JsonObject } from '../../../server/metadata/pointer.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { type CheckShape, shapeChecker } from '../../../server/metadata/schema.ts';
import { applyRewrites, type Rewrite } from '../../../server/metadata/uses/renames.ts';

const laid = new WeakMap<Registry, readonly MetadataObject[]>();
let shapes: Promise<CheckShape> | undefined;

/** Every object as its files say it, conditions not yet in canonical form. */
export function objectsOf(registry: Registry): readonly MetadataObject[] {
  const known = laid.get(registry);
  if (known !== undefined) return known;
  const layers = new Map<string, MetadataLayer>();
  const files = registry.documents.map(({ layer: name, kind: key, file, content }) => {
    const layer = layers.get(name) ?? { name, folder: '' };
    layers.set(name, layer);
    const kind = kinds.find((candidate) => candidate.key === key);
    if (kind === undefined) throw new Error(`There is no kind "${key}"`);
    return { kind, layer, file, content, lines: new Map<string, number>() };
  });
  const { objects } = layMetadata(files);
  laid.set(registry, objects);
  return objects;
}

/** Throws when a rewrite does not say what stands there. */
export function rewritten(registry: Registry, rewrites: readonly Rewrite[]): readonly MetadataObject[] {
  return objectsOf(registry).map((object) => {
    const own = rewrites.filter(
      ({ owner }) => owner.kind === object.kind.key && (owner.kind === 'app' || owner.id === object.value['id']),
    );
    return own.length === 0 ? object : { ...object, value: applyRewrites<JsonObject>(object.value, own) };
  });
}

/** The findings of the whole check, as sentences. */
export async function findingsIn(registry: Registry, objects: readonly MetadataObject[]): Promise<readonly string[]> {
  shapes ??= shapeChecker(registry.fieldTypes);
  return checkMetadata(objects, registry.fieldTypes, await shapes).findings.map(findingText);
}

/** The registry of objects that have no findings. */
export async function compiled(registry: Registry, objects: readonly MetadataObject[]): Promise<Registry> {
  shapes ??= shapeChecker(registry.fieldTypes);
  return compileChecked(checkMetadata(objects, registry.fieldTypes, await shapes), registry.fieldTypes, {});
}
