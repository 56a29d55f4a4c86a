// Files of a record: an upload is attached in the transaction of the write that names it, and let go of when it is replaced.
import { fileIssue, isFileType } from '../fields/file-limits.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { columnName } from './columns.ts';
import type { Draft } from './draft.ts';
import { fieldValue, type RecordValues } from './records.ts';
import { engineTable, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

interface FileRow extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
}

const fileFields = (entity: Entity): readonly Field[] =>
  [...entity.fields.values()].filter((field) => isFileType(field.meta.type));

const idIn = (record: RecordValues | null, field: Field): string | undefined =>
  (record?.[field.name] as { readonly id?: string } | null | undefined)?.id;

/**
 * The draft with what each of its files is: whatever was sent of that is replaced by what is known. A file is for one
 * record, and before that for whoever uploaded it; one that the record held before may come back while it is still there.
 */
export async function attachFiles(
  context: TransactionContext,
  draft: Draft,
): Promise<{ readonly draft: Draft; readonly issues: readonly Issue[] }> {
  const { entity, before, parsed } = draft;
  const issues: Issue[] = [];
  const columns: Record<string, unknown> = { ...parsed.columns };
  const after: Record<string, unknown> = { ...parsed.after };
  const put = (field: Field, file: Readonly<Record<string, unknown>>): void => {
    for (const column of field.columns) columns[column.name] = file[column.suffix.slice(1)] ?? null;
    after[field.name] = fieldValue(field, columns);
  };
  for (const field of fileFields(entity)) {
    if (!(columnName(field, '_id') in parsed.columns)) continue;
    const [old, wanted] = [idIn(before, field), idIn(parsed.after, field)];
    if (wanted === old) {
      const { name } = (parsed.after[field.name] ?? {}) as { readonly name?: string | null };
      const held = before?.[field.name] as Readonly<Record<string, unknown>> | null | undefined;
      if (held != null) put(field, { ...held, ...(name == null ? {} : { name }) });
      continue;
    }
    const file = wanted === undefined ? undefined : await claim(context, draft, field, wanted);
    if (wanted !== undefined && file === undefined) {
      const detail = 'There is no such upload of yours for this field.';
      issues.push({ pointer: `/${field.name}/id`, code: 'file', detail });
      continue;
    }
    const issue = file === undefined ? undefined : fileIssue(field.meta, file);
    if (issue !== undefined) issues.push({ pointer: `/${field.name}`, ...issue });
    if (file !== undefined) put(field, file);
    if (old !== undefined) await detach(context, entity, draft.id, field, old);
  }
  return { draft: { ...draft, parsed: { ...parsed, columns, after } }, issues };
}

async function claim(context: TransactionContext, draft: Draft, field: Field, id: string): Promise<FileRow | undefined> {
  const engine = context.source === 'system' || context.source === 'workflow';
  const [row] = await run<FileRow>(context.transaction, {
    text: `UPDATE ${engineTable(context.registry.app, 'files')} SET record_id = $1, detached_at = NULL
      WHERE id = $2 AND entity = $3 AND field = $4
        AND (record_id = $1 OR (record_id IS NULL AND ($5 OR created_by = $6::uuid)))
      RETURNING id::text AS id, name, type, size, width, height`,
    values: [draft.id, id, draft.entity.id, field.meta.id, engine, context.actor.id],
  });
  return row;
}

async function detach(context: TransactionContext, entity: Entity, record: string, field: Field, id: string): Promise<void> {
  await run(context.transaction, {
    text: `UPDATE ${engineTable(context.registry.app, 'files')} SET detached_at = now()
      WHERE id = $1 AND record_id = $2 AND entity = $3 AND field = $4`,
    values: [id, record, entity.id, field.meta.id],
  });
}

/** The files of a record that is gone for good are due at once. */
export async function forgetFiles(context: TransactionContext, entity: Entity, record: string): Promise<void> {
  if (fileFields(entity).length === 0) return;
  await run(context.transaction, {
    text: `UPDATE ${engineTable(context.registry.app, 'files')} SET detached_at = '-infinity' WHERE record_id = $1 AND entity = $2`,
    values: [record, entity.id],
  });
}
