// The documents of a registry by layer: what stands below the customisations, what is laid over it, what belongs to the engine.
import type { MetadataDocument } from '../document.ts';
import { mergeOver } from '../layer.ts';
import { idOf } from '../merge.ts';
import { isObject, type JsonObject } from '../pointer.ts';
import { perRegistry } from '../registry.ts';

export interface Layers {
  readonly lower: readonly MetadataDocument[];
  readonly custom: readonly MetadataDocument[];
  /** Object key → the object as the lower layers have it together, one that they retire among them. */
  readonly below: ReadonlyMap<string, JsonObject>;
  /** Ids of the objects and members that the engine ships and knows by their names. */
  readonly ofEngine: ReadonlySet<string>;
  /** Id of an option set or field of the engine → the options that it has from there. */
  readonly engineOptions: ReadonlyMap<string, readonly string[]>;
  /** Member id → key of the object that has it in the lower layers; ids of objects → their own key. */
  readonly homes: ReadonlyMap<string, string>;
}

/** `entities ent_x`; there is one application. */
export const objectKey = (kind: MetadataDocument['kind'], id: string): string => (kind === 'app' ? 'app' : `${kind} ${id}`);

export const keyOfDocument = (document: MetadataDocument): string => objectKey(document.kind, idOf(document));

export const layersOf = perRegistry(({ documents }): Layers => {
  const lower = documents.filter(({ layer }) => layer !== 'custom');
  const below = new Map<string, JsonObject>();
  for (const document of lower) {
    const { $schema: _, ...content } = document.content;
    const key = keyOfDocument(document);
    const known = below.get(key);
    below.set(key, known === undefined ? content : mergeOver(known, content, ''));
  }
  const engine = lower.filter(({ layer }) => layer === 'platform').map(({ content }) => content);
  return {
    lower,
    custom: documents.filter(({ layer }) => layer === 'custom'),
    below,
    ofEngine: new Set(engine.flatMap((content) => [...idsIn(content)])),
    engineOptions: new Map(engine.flatMap((content) => [content, ...membersIn(content)]).flatMap(optionsOf)),
    homes: new Map([...below].flatMap(([key, value]) => [...idsIn(value)].map((id) => [id, key] as const))),
  };
});

const membersIn = ({ fields }: JsonObject): readonly JsonObject[] =>
  isObject(fields) ? Object.values(fields).filter(isObject) : [];

const optionsOf = ({ id, options }: JsonObject): readonly (readonly [string, readonly string[]])[] =>
  Array.isArray(options) ? [[String(id), options.filter(isObject).map(({ value }) => String(value))]] : [];

/** The object's own id and those of its fields, relations and indexes. */
export function* idsIn(value: JsonObject): Generator<string> {
  if (typeof value['id'] === 'string') yield value['id'];
  for (const list of [value['fields'], value['relations'], value['indexes']]) {
    if (typeof list !== 'object' || list === null) continue;
    for (const member of Object.values(list)) if (isObject(member) && typeof member['id'] === 'string') yield member['id'];
  }
}
