// The versions of the metadata: listed, told in full, compared, and what going back to one would take.

import { breakingChanges } from '../metadata/breaking.ts';
import { buildRegistry } from '../metadata/build.ts';
import { compareMetadata } from '../metadata/compare.ts';
import type { Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import { documentsOf, versionOf, versionsOf } from '../versions/history.ts';
import { detail, summary } from './answers.ts';
import { authorNames } from './authors.ts';
import { requireReading } from './rights.ts';
import type { StudioServices } from './services.ts';
import { baseOf } from './wanted.ts';

export interface Paging {
  readonly limit: number;
  /** Only versions older than this one. */
  readonly before?: number;
}

/** Newest first. */
export async function listVersions(services: StudioServices, context: Context, { limit, before }: Paging) {
  requireReading(context.actor);
  const all = await versionsOf(services.versions);
  const older = [...all].sort((a, b) => b.number - a.number).filter(({ number }) => before === undefined || number < before);
  const page = older.slice(0, limit);
  const names = await authorNames(
    services,
    context,
    page.map(({ author }) => author),
  );
  const hasNext = older.length > page.length;
  return {
    data: page.map((version) => summary(version, names)),
    page: { limit, hasNext, next: hasNext ? String(page.at(-1)?.number) : null },
  };
}

/** @throws problem `not_found` */
export async function tellVersion(services: StudioServices, context: Context, number: number) {
  requireReading(context.actor);
  const version = await versionOf(services.versions, number);
  if (version === undefined) throw noVersion(number);
  return detail(version, await authorNames(services, context, [version.author]));
}

const noVersion = (number: number) => problem('not_found', { detail: `There is no version ${number}.` });

/** What changed from one version to another; `to` undefined: the one that is served. */
export async function compareVersions(services: StudioServices, context: Context, from: number, to?: number) {
  requireReading(context.actor);
  const [left, right] = [await registryOf(services, from), await registryOf(services, to)];
  return {
    from: left.number,
    to: right.number,
    difference: compareMetadata(left, right),
    breaking: breakingChanges(left, right),
    rights: services.rightsDifferences(left, right),
  };
}

/** The registry of any version; undefined: of the one that is served. @throws problem `not_found` */
export async function registryOf(services: StudioServices, number?: number): Promise<Registry> {
  const current = await baseOf(services);
  if (number === undefined || number === current.number) return current;
  const documents = await documentsOf(services.versions, number);
  if (documents === undefined) throw noVersion(number);
  return buildRegistry(documents, { fieldTypes: current.fieldTypes, number, checked: true });
}
