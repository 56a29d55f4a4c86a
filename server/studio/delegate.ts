// What both mirroring entities have in common: a write of a record becomes a change of the metadata, findings point into the body.
import { type Issue, Problem, problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import type { CurrentRow } from '../repository/read.ts';
import type { Written } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { Changer, Outcome } from './change.ts';
import { versionUrl } from './change-request.ts';
import { defaultWaitMs } from './prefer.ts';
import type { StudioServices } from './services.ts';

export interface DelegateServices extends StudioServices {
  readonly changer: Changer;
}

/** Pointer into the changes → pointer into the body. */
export type Pointing = (pointer: string) => string;

/** Carries the changes through in the name of the context's actor. Nothing to change is no version. */
export async function carry(
  { changer }: DelegateServices,
  { actor, act }: Context,
  changes: readonly object[],
  pointing: Pointing,
): Promise<Outcome> {
  try {
    return await changer.apply(changes, { actor, waitMs: defaultWaitMs, ...(act === undefined ? {} : { key: act }) });
  } catch (error) {
    if (!(error instanceof Problem) || error.errors.length === 0) throw error;
    const errors = error.errors.map((issue) => ({ ...issue, pointer: pointing(issue.pointer) }));
    const { code, headers, extra } = error;
    throw problem(code, {
      ...(code === 'validation_failed' ? {} : { detail: error.message }),
      errors,
      headers,
      extra,
      cause: error,
    });
  }
}

/** The mirroring record of what now has this id in the metadata. */
export async function mirrored(
  services: DelegateServices,
  entityName: string,
  metadataId: string | undefined,
  outcome: Outcome,
  created: boolean,
): Promise<Written> {
  const registry = services.registry.current();
  const entity = registry.entities.get(entityName);
  const [row] =
    entity === undefined || metadataId === undefined
      ? []
      : await run<{ id: string; version: number }>(services.versions.knex, {
          text: `SELECT "id"::text AS id, "version" FROM ${entity.qualifiedTable} WHERE "metadata_id" = $1 ORDER BY "deleted_at" DESC NULLS FIRST LIMIT 1`,
          values: [metadataId],
        });
  const written = { id: row?.id ?? '', version: row?.version ?? 1, created, changed: true };
  if (outcome.live && row !== undefined) return written;
  return { ...written, pending: versionUrl(registry, outcome.version) };
}

/** The id in the metadata that a record mirrors. @throws problem `conflict` for a record that mirrors nothing */
export function metadataIdOf({ record }: CurrentRow): string {
  const id = record['metadata_id'];
  if (typeof id === 'string') return id;
  throw problem('conflict', { detail: 'This record was made before records mirrored metadata, and stands for nothing.' });
}

export const invalid = (...errors: readonly Issue[]): Problem => problem('validation_failed', { errors });

export const readOnly = (name: string, detail: string): Issue => ({ pointer: `/${name}`, code: 'read_only', detail });
