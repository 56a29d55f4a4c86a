// Customisations folded into the application's own files: one layer where there were two, with the same meaning.
import type { MetadataDocument } from './document.ts';
import { mergeOver } from './layer.ts';
import { idOf } from './merge.ts';
import type { JsonObject } from './pointer.ts';

/** The documents of the application layer as they would be with the custom layer written into them. */
export function foldLayers(documents: readonly MetadataDocument[]): readonly MetadataDocument[] {
  const folded = new Map<string, MetadataDocument>();
  const overrides = new Set<string>();
  for (const document of documents) {
    const key = `${document.kind} ${idOf(document)}`;
    if (document.layer === 'platform' || document.layer === 'plugin') {
      overrides.add(key);
      continue;
    }
    const below = folded.get(key);
    // What takes away a key of a layer further below must still say so.
    const removals = overrides.has(key) ? 'kept' : 'done';
    const content: JsonObject = mergeOver(below?.content ?? {}, document.content, '', removals);
    folded.set(key, { ...(below ?? document), layer: 'application', content });
  }
  return [...folded.values()];
}
