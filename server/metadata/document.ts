// One metadata object of one layer as plain data: what files are read into, and what versions store.
import type { JsonObject } from './pointer.ts';
import type { MetadataSource } from './types.ts';

export interface MetadataDocument {
  readonly layer: 'platform' | 'plugin' | 'application' | 'custom';
  readonly kind: keyof MetadataSource;
  /** As findings name it; `custom/entities/ent_x` for what was made at run time. */
  readonly file: string;
  /** A whole object, or in a higher layer what is laid over it (`null` takes a key away). */
  readonly content: JsonObject;
}

/**
 * What a publication adds to the documents of its version, while a change is under way.
 * Column ids are those of the schema model's live generation without its `@n`: field id + suffix.
 */
export interface Transition {
  /** Column or entity id → the name that the column or table has for now. */
  readonly physical: Readonly<Record<string, string>>;
  /** Names that are understood beside the current ones: entity plural → other names. */
  readonly entityNames: Readonly<Record<string, readonly string[]>>;
  /** Entity plural → current field or relation name → other names. */
  readonly memberNames: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export const noTransition: Transition = { physical: {}, entityNames: {}, memberNames: {} };
