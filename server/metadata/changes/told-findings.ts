// What the checks find in the metadata as they would be, told where in the changes it comes from.

import type { Issue } from '../../problem.ts';
import type { BuildOptions } from '../build.ts';
import { buildRegistry } from '../build.ts';
import type { MetadataDocument } from '../document.ts';
import { MetadataError, type MetadataFinding } from '../finding.ts';
import { kinds } from '../kinds.ts';
import type { Registry } from '../registry.ts';
import { documentsOf } from './custom-documents.ts';
import { keyOfDocument } from './layers.ts';
import { placeIn, steadyPath } from './origins.ts';
import type { Work, WorkObject } from './work.ts';

type Objects = Work['objects'];

/** The registry of the documents, or what is wrong with them. */
export async function checkedRegistry(
  documents: readonly MetadataDocument[],
  options: BuildOptions,
): Promise<{ readonly registry: Registry } | { readonly findings: readonly MetadataFinding[] }> {
  try {
    return { registry: await buildRegistry(documents, options) };
  } catch (error) {
    if (error instanceof MetadataError) return { findings: error.findings };
    throw error;
  }
}

/** @param after the objects after each of the changes, in their order */
export async function toldFindings(
  work: Work,
  documents: readonly MetadataDocument[],
  findings: readonly MetadataFinding[],
  after: readonly Objects[],
): Promise<readonly Issue[]> {
  const keys = new Map(documents.map((document) => [document.file, keyOfDocument(document)]));
  const told: Issue[] = [];
  for (const finding of findings) {
    const key = keys.get(finding.file) ?? '';
    const object = work.objects.get(key);
    const path = steadyPath(object?.value ?? {}, finding.pointer);
    const place = placeIn(work.origins, key, path, finding.about);
    const pointer = place?.pointer ?? `/changes/${await causeOf(work, finding, after)}`;
    told.push({ pointer, code: 'invalid', detail: place?.exact === true ? finding.message : placed(object, finding) });
  }
  return told;
}

function placed(object: WorkObject | undefined, { pointer, message }: MetadataFinding): string {
  if (object === undefined) return message;
  const what = kinds.find(({ key }) => key === object.kind)?.one ?? object.kind;
  return `${message} (The ${what} ${String(object.value['name'] ?? object.id)}${pointer === '' ? '' : `, ${pointer}`}.)`;
}

/** The first change after which the finding is there. */
async function causeOf(work: Work, finding: MetadataFinding, after: readonly Objects[]): Promise<number> {
  let [low, high] = [0, after.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isThere(work, finding, after[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

const known = new WeakMap<Objects, Promise<ReadonlySet<string>>>();

async function isThere(work: Work, { message }: MetadataFinding, objects: Objects | undefined): Promise<boolean> {
  if (objects === undefined) return false;
  const found = known.get(objects) ?? messagesOf(work, objects);
  known.set(objects, found);
  return (await found).has(message);
}

async function messagesOf({ layers, base }: Work, objects: Objects): Promise<ReadonlySet<string>> {
  const checked = await checkedRegistry(documentsOf({ layers, base, objects }), { fieldTypes: base.fieldTypes });
  return new Set('findings' in checked ? checked.findings.map(({ message }) => message) : []);
}
