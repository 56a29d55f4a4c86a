// Versions as they are told to people: the list, one with its steps and how far they are, the documents it is made of.
import type { MetadataDocument } from '../metadata/document.ts';
import { systemTable } from '../tables/names.ts';
import { readDocuments } from './documents.ts';
import { withDocuments } from './in-force.ts';
import { type RecordedStep, readAllVersions, readSteps, type Version } from './journal.ts';
import type { StepProgress, VersionDetail, VersionSummary } from './request.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';

/** All versions, newest first, also those that were taken back because a step failed. */
export async function versionsOf(services: VersionServices): Promise<readonly VersionSummary[]> {
  const versions = await withSession(services.knex, (session) => readAllVersions(session, services.app));
  return versions.map(summary).reverse();
}

export async function versionOf(services: VersionServices, number: number): Promise<VersionDetail | undefined> {
  return withSession(services.knex, async (session) => {
    const version = (await readAllVersions(session, services.app)).find((candidate) => candidate.number === number);
    if (version === undefined) return undefined;
    const [row] = await session.query<{ changes: string | null }>(
      `SELECT changes::text AS changes FROM ${systemTable(services.app, 'meta_versions')} WHERE number = $1`,
      [number],
    );
    const steps = await readSteps(session, services.app, number);
    const changes: unknown = row?.changes == null ? null : JSON.parse(row.changes);
    return { ...summary(version), changes, stage: version.stage, steps: steps.map(progress) };
  });
}

/** Documents of all layers, the custom one last; undefined where none were stored. */
export async function documentsOf(services: VersionServices, number: number): Promise<readonly MetadataDocument[] | undefined> {
  return withSession(services.knex, async (session) => {
    const versions = await readAllVersions(session, services.app);
    const stored = withDocuments(versions.find((candidate) => candidate.number === number));
    return stored === undefined ? undefined : readDocuments(session, services.app, stored);
  });
}

const summary = (version: Version): VersionSummary => ({
  number: version.number,
  status: version.status,
  kind: version.kind,
  registryVersion: version.registryVersion,
  author: version.author,
  reason: version.reason,
  reverts: version.reverts,
  createdAt: version.createdAt,
  appliedAt: version.appliedAt,
  undoneAt: version.undoneAt,
});

const progress = (step: RecordedStep): StepProgress => ({
  id: step.id,
  kind: step.kind,
  phase: step.phase,
  entity: step.entity,
  table: step.table,
  description: step.description,
  up: step.up,
  down: step.down,
  lock: step.lock,
  cost: step.cost,
  batched: step.batched,
  status: step.undone ? 'undone' : step.applied ? 'applied' : step.started ? 'started' : 'waiting',
  rowsDone: step.rowsDone,
  rowsTotal: step.rowsTotal,
});
