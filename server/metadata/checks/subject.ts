// What every check is given: the metadata as far as it is sound, what may be doubtful, and where findings go.
import type { FieldType } from '../../fields/field-type.ts';
import type { Registry } from '../registry.ts';
import type { EntityMetadata, MetadataSource } from '../types.ts';

type Layer = 'platform' | 'plugin' | 'application' | 'custom';

export interface CheckSubject {
  readonly source: MetadataSource;
  readonly fieldTypes: ReadonlyMap<string, FieldType>;
  /** True for names that were left out with findings of their own: "there is no such …" would only confuse. */
  readonly doubtful: (name: string) => boolean;
  /** From which layer an object of `source` came; 'application' when unknown. */
  readonly layerOf: (value: object) => Layer;
  /** Which layer says what stands at the pointer. */
  readonly layerAt: (value: object, pointer: string) => Layer;
  /**
   * `value` is an object of `source`; the pointer goes into it.
   * @param about 'name': the pointer is that of a thing, but it is only the name that is wrong
   */
  readonly report: (value: object, pointer: string, message: string, about?: 'name') => void;
}

/** Checks of the metadata as written. */
export type Check = (subject: CheckSubject) => void;

/** Checks that need the entities compiled: what conditions, layouts and views name. */
export type CompiledCheck = (subject: CheckSubject, registry: Registry) => void;

export const entityNamed = (source: MetadataSource, name: string): EntityMetadata | undefined =>
  source.entities.find((entity) => entity.name === name);

/** Calls back for each key that an earlier entry had already, with that entry. */
export function eachTwice<T>(
  items: Iterable<readonly [key: string, item: T]>,
  found: (key: string, item: T, first: T) => void,
): void {
  const seen = new Map<string, T>();
  for (const [key, item] of items) {
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    else found(key, item, first);
  }
}
