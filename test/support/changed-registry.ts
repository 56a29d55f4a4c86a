// The library after a change made in memory: what another process would have published.
import { fieldTypes } from '../../server/fields/index.ts';
import { type BuildOptions, buildRegistry } from '../../server/metadata/build.ts';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import type { Registry } from '../../server/metadata/registry.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are changed as the plain JSON that they are
type Json = any;

/** @param change is given a copy of the object's content to write into */
export function changedRegistry(
  from: Registry,
  file: RegExp,
  change: (content: Json) => void,
  options: Partial<BuildOptions> & { readonly more?: readonly MetadataDocument[] } = {},
): Promise<Registry> {
  const { more = [], ...rest } = options;
  const documents = from.documents.map((document) => {
    if (!file.test(document.file)) return document;
    const content = structuredClone(document.content);
    change(content);
    return { ...document, content };
  });
  return buildRegistry([...documents, ...more], { fieldTypes, number: from.number + 1, ...rest });
}

/** Moves a key of an object to another name, in its place. */
export function renameKey(object: Json, from: string, to: string, more: object = {}): void {
  const entries = Object.entries(object).map(([key, value]) =>
    key === from ? [to, { ...(value as object), ...more }] : [key, value],
  );
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, Object.fromEntries(entries));
}
