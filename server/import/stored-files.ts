// Files that wait to be imported or to be fetched: in the database, in parts, so that whichever node works on one has it.
import { createReadStream } from 'node:fs';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { AppMetadata } from '../metadata/types.ts';
import { authorOf } from '../repository/actor.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { FileShape } from './formats/open-rows.ts';
import type { FileFormat } from './formats/row-file.ts';

export interface StoredFile extends FileShape {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Rows below the header. */
  readonly rows: number;
  readonly createdBy: string | null;
}

/** Bytes of a part: what is in memory at once. */
const partBytes = 256 * 1024;

type FileRow = {
  readonly id: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly size: string;
  readonly header: readonly string[];
  readonly delimiter: string | null;
  readonly row_count: number;
  readonly created_by: string | null;
};

/** Takes a file over from the disk. @returns its id */
export async function keepFile(
  context: TransactionContext,
  arrived: { readonly path: string; readonly digest: string; readonly size: number },
  file: FileShape & { readonly name: string; readonly rows: number },
): Promise<string> {
  const id = await insertFile(context, { ...file, size: arrived.size, digest: arrived.digest });
  let number = 0;
  for await (const chunk of createReadStream(arrived.path, { highWaterMark: partBytes }))
    await addPart(context, id, number++, chunk as Buffer);
  return id;
}

export async function insertFile(
  { transaction, registry, actor }: TransactionContext,
  file: FileShape & { readonly name: string; readonly rows: number; readonly size: number; readonly digest: string | null },
): Promise<string> {
  const id = uuidv7();
  await run(transaction, {
    text: `INSERT INTO ${engineTable(registry.app, 'transfer_files')} (id, name, format, size, digest, header, delimiter, row_count, created_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      id,
      file.name,
      file.format,
      file.size,
      file.digest,
      JSON.stringify(file.header),
      file.delimiter ?? null,
      file.rows,
      authorOf(actor),
    ],
  });
  return id;
}

export async function addPart(
  { transaction, registry }: TransactionContext,
  id: string,
  number: number,
  bytes: Buffer,
): Promise<void> {
  await run(transaction, {
    text: `INSERT INTO ${engineTable(registry.app, 'transfer_parts')} (file_id, number, bytes) VALUES ($1, $2, $3)`,
    values: [id, number, bytes],
  });
}

/** The file belongs to this record from now on. */
export async function holdFile({ transaction, registry }: TransactionContext, id: string, holder: string): Promise<void> {
  await run(transaction, {
    text: `UPDATE ${engineTable(registry.app, 'transfer_files')} SET held_by = $2 WHERE id = $1`,
    values: [id, holder],
  });
}

/** An upload that nothing holds yet, for who made it. */
export const uploadedFile = (knex: Knex, app: AppMetadata, id: string, by: string | null): Promise<StoredFile | undefined> =>
  findFile(knex, app, 'id = $1::uuid AND created_by IS NOT DISTINCT FROM $2::uuid AND held_by IS NULL', [id, by]);

export const heldFile = (knex: Knex, app: AppMetadata, holder: string): Promise<StoredFile | undefined> =>
  findFile(knex, app, 'held_by = $1::uuid', [holder]);

async function findFile(
  knex: Knex,
  app: AppMetadata,
  where: string,
  values: readonly unknown[],
): Promise<StoredFile | undefined> {
  const [row] = await run<FileRow>(knex, {
    text: `SELECT id, name, format, size, header, delimiter, row_count, created_by FROM ${engineTable(app, 'transfer_files')}
      WHERE ${where} ORDER BY id DESC LIMIT 1`,
    values,
  });
  if (row === undefined) return undefined;
  const { id, name, format, size, header, delimiter, row_count: rows, created_by: createdBy } = row;
  return { id, name, format, size: Number(size), header, delimiter: delimiter ?? undefined, rows, createdBy };
}

/** Its bytes, part by part. */
export async function* readFile(knex: Knex, app: AppMetadata, id: string): AsyncGenerator<Buffer, void> {
  for (let number = 0; ; number++) {
    const [part] = await run<{ bytes: Buffer }>(knex, {
      text: `SELECT bytes FROM ${engineTable(app, 'transfer_parts')} WHERE file_id = $1 AND number = $2`,
      values: [id, number],
    });
    if (part === undefined) return;
    yield part.bytes;
  }
}

/** What a record holds goes, with its parts. */
export async function dropHeldFiles({ transaction, registry }: TransactionContext, holder: string): Promise<void> {
  await run(transaction, {
    text: `DELETE FROM ${engineTable(registry.app, 'transfer_files')} WHERE held_by = $1`,
    values: [holder],
  });
}

/** Of a file that has grown part by part. */
export async function resizeFile(
  { transaction, registry }: TransactionContext,
  id: string,
  size: number,
  rows: number,
): Promise<void> {
  await run(transaction, {
    text: `UPDATE ${engineTable(registry.app, 'transfer_files')} SET size = $2, row_count = $3 WHERE id = $1`,
    values: [id, size, rows],
  });
}
