// The objects as they are wanted → the documents of the custom layer that make them so, each as small as it can be.
import { isDeepStrictEqual } from 'node:util';
import type { MetadataDocument } from '../document.ts';
import { customFile } from '../documents-to-files.ts';
import type { JsonObject } from '../pointer.ts';
import { keyOfDocument } from './layers.ts';
import { overlayOf } from './overlay.ts';
import type { Work, WorkObject } from './work.ts';

/** Of all layers: those below as they are, customisations that say nothing any more left out. */
export function documentsOf({ layers, objects, base }: Pick<Work, 'layers' | 'objects' | 'base'>): readonly MetadataDocument[] {
  const left = new Map(objects);
  const known = layers.custom.flatMap((document) => {
    const key = keyOfDocument(document);
    const object = left.get(key);
    left.delete(key);
    const content = customContent(layers.below.get(key), object);
    if (content === undefined) return [];
    return [isDeepStrictEqual(content, document.content) ? document : { ...document, content }];
  });
  const customised = new Set(layers.custom.map(keyOfDocument));
  const retired = [...layers.below].flatMap(([key, below]): readonly MetadataDocument[] => {
    if (objects.has(key) || customised.has(key) || below['retired'] === true) return [];
    const document = layers.lower.find((one) => keyOfDocument(one) === key);
    return document === undefined ? [] : [custom(document.kind, String(below['id']), retirement(below))];
  });
  const added = [...left].flatMap(([key, object]): readonly MetadataDocument[] => {
    const content = customContent(layers.below.get(key), object);
    return content === undefined ? [] : [custom(object.kind, object.id, content)];
  });
  const next = [...layers.lower, ...known, ...retired, ...added];
  return isDeepStrictEqual(next, base.documents) ? base.documents : next;
}

const custom = (kind: WorkObject['kind'], id: string, content: JsonObject): MetadataDocument => ({
  layer: 'custom',
  kind,
  file: customFile(kind, id),
  content,
});

const retirement = ({ id }: JsonObject): JsonObject => ({ id, retired: true });

/** Undefined: the layers below say it all. */
function customContent(below: JsonObject | undefined, object: WorkObject | undefined): JsonObject | undefined {
  if (object === undefined) return below === undefined || below['retired'] === true ? undefined : retirement(below);
  if (below === undefined) return object.value;
  const overlay = overlayOf(below, object.value);
  return Object.keys(overlay).length === 0 ? undefined : { id: below['id'], ...overlay };
}
