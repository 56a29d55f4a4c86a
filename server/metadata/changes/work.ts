// What the changes of one request are made in: the objects as they are by now, and what is noted along the way.
import { kinds } from '../kinds.ts';
import { layMetadata } from '../layer.ts';
import type { MetadataFile, MetadataLayer } from '../load.ts';
import type { JsonObject } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import type { CheckShape } from '../schema.ts';
import type { MetadataSource } from '../types.ts';
import { type Layers, layersOf, objectKey } from './layers.ts';
import type { Origin } from './origins.ts';
import type { TouchedThing } from './touched-things.ts';

export type ObjectKind = keyof MetadataSource;

export interface WorkObject {
  readonly kind: ObjectKind;
  /** 'app' for the application. */
  readonly id: string;
  /** All layers laid over each other. */
  readonly value: JsonObject;
}

export interface Work {
  readonly base: Registry;
  readonly layers: Layers;
  readonly checkShape: CheckShape;
  readonly now: Date;
  /** The same request on the same metadata gives the same ids. */
  readonly seed: string;
  readonly languages: readonly string[];
  /** By `objectKey`; replaced whole with every change of an object. */
  objects: ReadonlyMap<string, WorkObject>;
  /** Of the objects as they are; worked out when somebody asks. */
  registry: Registry | undefined;
  /** Values whose shape is known to be good. */
  readonly checked: WeakSet<JsonObject>;
  readonly origins: Origin[];
  readonly touched: TouchedThing[];
  /** Column → value that records have → what becomes of it; undefined: nobody has said. */
  readonly values: Map<string, Map<string, string | null | undefined>>;
  readonly emptyUnconvertible: Set<string>;
  /** Changes that were carried out together with an earlier one. */
  readonly done: Set<number>;
}

/** One change in its place. */
export interface Step<Change = JsonObject> {
  readonly work: Work;
  readonly change: Change;
  readonly index: number;
  /** `/changes/3` */
  readonly pointer: string;
  /** All of the request; those after `index` are still to come. */
  readonly changes: readonly JsonObject[];
}

export function startWork(base: Registry, options: Pick<Work, 'checkShape' | 'now' | 'seed'>): Work {
  const objects = laidObjects(base);
  return {
    base,
    layers: layersOf(base),
    ...options,
    languages: base.app.languages,
    objects,
    checked: new WeakSet([...objects.values()].map(({ value }) => value)),
    registry: base,
    origins: [],
    touched: [],
    values: new Map(),
    emptyUnconvertible: new Set(),
    done: new Set(),
  };
}

function laidObjects(registry: Registry): ReadonlyMap<string, WorkObject> {
  const layers = new Map<string, MetadataLayer>();
  const files = registry.documents.flatMap(({ layer: name, kind: key, file, content }): MetadataFile[] => {
    const layer = layers.get(name) ?? { name, folder: '' };
    layers.set(name, layer);
    const kind = kinds.find((candidate) => candidate.key === key);
    return kind === undefined ? [] : [{ kind, layer, file, content, lines: new Map() }];
  });
  const objects = layMetadata(files).objects.map(({ kind: { key: kind }, value }): WorkObject => {
    const id = kind === 'app' ? 'app' : String(value['id']);
    return { kind, id, value };
  });
  return new Map(objects.map((object) => [objectKey(object.kind, object.id), object]));
}

export const objectsOf = ({ objects }: Work, kind: ObjectKind): readonly WorkObject[] =>
  [...objects.values()].filter((object) => object.kind === kind);

/** Puts the object where the one of its kind and id was, or at the end. */
export function putObject(work: Work, object: WorkObject): void {
  work.objects = new Map(work.objects).set(objectKey(object.kind, object.id), object);
  work.registry = undefined;
}

export function removeObject(work: Work, { kind, id }: Pick<WorkObject, 'kind' | 'id'>): void {
  const objects = new Map(work.objects);
  objects.delete(objectKey(kind, id));
  work.objects = objects;
  work.registry = undefined;
}
