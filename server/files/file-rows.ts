// The rows of files: an upload is written with its bytes safely kept, and found again by the record that holds it.
import { v7 as uuidv7 } from 'uuid';
import type { FileFacts } from '../fields/file-limits.ts';
import type { Arrived } from '../http/arrive.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { FileStore } from './store.ts';

/** Held by whoever writes a row of these bytes, and alone by whoever takes them away: never both at once. */
export const digestLock = (mode: '' | '_shared', placeholder: string): string =>
  `pg_advisory_xact_lock${mode}(hashtextextended('formwork file ' || ${placeholder}, 0))`;

export interface Uploaded extends FileFacts {
  readonly id: string;
  readonly name: string;
}

/** @param arrived its bytes were given to the store; where a clean-up took them meanwhile they are asked for again */
export async function insertFile(
  context: TransactionContext,
  store: FileStore,
  target: { readonly entity: Entity; readonly field: Field },
  arrived: Pick<Arrived, 'digest' | 'size'>,
  file: Omit<Uploaded, 'id' | 'size'>,
): Promise<Uploaded> {
  const { transaction, registry, actor } = context;
  await run(transaction, { text: `SELECT ${digestLock('_shared', '$1')}`, values: [arrived.digest] });
  if (!(await store.has(arrived.digest)))
    throw problem('unavailable', { detail: 'Upload the file again.', headers: { 'Retry-After': '1' } });
  const id = uuidv7();
  await run(transaction, {
    text: `INSERT INTO ${engineTable(registry.app, 'files')}
      (id, entity, field, digest, name, type, size, width, height, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      id,
      target.entity.id,
      target.field.meta.id,
      arrived.digest,
      file.name,
      file.type,
      arrived.size,
      file.width,
      file.height,
      actor.id,
    ],
  });
  return { id, name: file.name, type: file.type, size: arrived.size, width: file.width, height: file.height };
}
