// What separates what is published from the files: customisations over them, and files that changed since.
import { isDeepStrictEqual } from 'node:util';
import type { MetadataDocument } from './document.ts';
import { keyOf } from './documents-to-files.ts';
import { idOf } from './merge.ts';
import { isObject, type JsonObject, step } from './pointer.ts';

export interface DriftedObject {
  readonly kind: MetadataDocument['kind'];
  readonly id: string;
  /** Undefined where no layer gives the object a name. */
  readonly name: string | undefined;
}

export interface OverriddenObject extends DriftedObject {
  /** The places of the object that customisations set, change or take away. */
  readonly pointers: readonly string[];
}

export interface ChangedFile extends DriftedObject {
  readonly file: string;
  readonly change: 'added' | 'changed' | 'removed';
}

export interface DriftReport {
  /** Objects of files that customisations change. */
  readonly overridden: readonly OverriddenObject[];
  /** Objects that only customisations have. */
  readonly added: readonly DriftedObject[];
  /** Objects that customisations retire, whoever made them. */
  readonly retired: readonly DriftedObject[];
  /** Files of this process that are not as those that the published version was made of. */
  readonly files: readonly ChangedFile[];
}

export const isDrifted = (report: DriftReport): boolean => Object.values(report).some((list) => list.length > 0);

/**
 * @param fileDocuments as the files are now: platform, plugins, application
 * @param published all layers of the version in force
 */
export function driftReport(fileDocuments: readonly MetadataDocument[], published: readonly MetadataDocument[]): DriftReport {
  const names = namesOf([...fileDocuments, ...published]);
  const told = (document: MetadataDocument): DriftedObject => {
    const { kind } = document;
    return { kind, id: idOf(document), name: names.get(keyOf(document)) };
  };
  const custom = published.filter(({ layer }) => layer === 'custom');
  const below = published.filter(({ layer }) => layer !== 'custom');
  const inFiles = new Set(below.map(keyOf));
  const retired = (document: MetadataDocument) => document.content['retired'] === true;
  return {
    overridden: custom
      .filter((document) => inFiles.has(keyOf(document)) && !retired(document))
      .map((document) => ({ ...told(document), pointers: leavesOf(document.content) })),
    added: custom.filter((document) => !inFiles.has(keyOf(document)) && !retired(document)).map(told),
    retired: custom.filter(retired).map(told),
    files: changedFiles(fileDocuments, below).map(({ document, ...rest }) => ({ ...told(document), ...rest })),
  };
}

function namesOf(documents: readonly MetadataDocument[]): ReadonlyMap<string, string> {
  const named = documents.flatMap((document) => {
    const { name } = document.content;
    return typeof name === 'string' ? [[keyOf(document), name] as const] : [];
  });
  return new Map(named);
}

/** The deepest places that an override says something of; members with an id of their own count whole. */
function leavesOf(content: JsonObject): readonly string[] {
  const walk = (value: JsonObject, pointer: string): readonly string[] =>
    Object.entries(value).flatMap(([key, inner]) => {
      const at = step(pointer, key);
      return isObject(inner) && typeof inner['id'] !== 'string' ? walk(inner, at) : [at];
    });
  const { id: _id, $schema: _schema, ...rest } = content;
  return walk(rest, '');
}

/** A layer may override one below with an object of the same id, so the layer belongs to the key. */
function changedFiles(now: readonly MetadataDocument[], before: readonly MetadataDocument[]) {
  const layerKey = (document: MetadataDocument) => `${document.layer} ${keyOf(document)}`;
  const [current, old] = [now, before].map((list) => new Map(list.map((document) => [layerKey(document), document])));
  const keys = new Set([...(current?.keys() ?? []), ...(old?.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const [document, then] = [current?.get(key), old?.get(key)];
    const one = document ?? then;
    if (one === undefined || (document !== undefined && then !== undefined && sameContent(document, then))) return [];
    const change = then === undefined ? 'added' : document === undefined ? 'removed' : 'changed';
    return [{ document: one, file: one.file, change } as const];
  });
}

function sameContent(one: MetadataDocument, other: MetadataDocument): boolean {
  const [{ $schema: _one, ...content }, { $schema: _other, ...then }] = [one.content, other.content];
  return isDeepStrictEqual(content, then);
}
