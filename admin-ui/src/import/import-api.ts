// Imports over the REST API: the first look at a file, the start, and what can be done with what was started.
import type { ImportMappingMetadata } from '../../../server/metadata/types.ts';
import { answerTo, reach, request, senderHeaders } from '../api/client.ts';
import type { ApiRecord } from '../api/records.ts';
import { requestKey } from '../api/request-key.ts';

export type Mapping = Omit<ImportMappingMetadata, 'id' | 'entity' | 'label'>;

export interface Finding {
  readonly field: string;
  readonly code: string;
  readonly reason: string;
  readonly rowRejected: boolean;
}

export type Outcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'rejected';

export interface PreviewedRow {
  readonly row: number;
  readonly outcome: Outcome;
  readonly texts: Readonly<Record<string, string>>;
  readonly problems: readonly Finding[];
  readonly warning?: { readonly became: string };
}

export interface Preview {
  /** Of the upload, for asking again and for the import. */
  readonly file: string;
  readonly name: string;
  readonly rows: number;
  readonly header: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly mapping: Mapping;
  readonly from: 'me' | 'everyone' | 'application' | 'guess' | 'request';
  readonly preview: readonly PreviewedRow[];
}

export type Remember = 'me' | 'everyone' | 'no';

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Endings of the files that are taken, for the browser's chooser. */
export const fileEndings = Object.keys(types).map((ending) => `.${ending}`);

/** The name tells the format: systems do not agree on the types of these files. */
const typeOf = (file: File): string => types[/\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''] ?? 'text/csv';

/** Uploads a file and gets a mapping for it. @throws ApiProblem */
export async function lookAt(entity: string, file: File): Promise<Preview> {
  const key = requestKey();
  const send = (): Promise<Response> =>
    reach(`/${entity}/import/preview`, {
      method: 'POST',
      headers: {
        ...senderHeaders(),
        'Content-Type': typeOf(file),
        'Idempotency-Key': key,
        'X-File-Name': encodeURIComponent(file.name),
      },
      body: file,
    });
  return ((await (await answerTo(send)).json()) as { data: Preview }).data;
}

export async function previewWith(entity: string, file: string, mapping: Mapping, signal: AbortSignal): Promise<Preview> {
  const body = { file, mapping };
  return (await request<{ data: Preview }>('POST', `/${entity}/import/preview`, { body, signal })).data;
}

/** @returns the id of the record that tells the progress */
export async function startImport(entity: string, file: string, mapping: Mapping, remember: Remember): Promise<string> {
  const body = { file, mapping, remember };
  return (await request<{ data: ApiRecord }>('POST', `/${entity}/import`, { body })).data.id;
}

export const actOnImport = (id: string, action: 'cancel' | 'undo'): Promise<unknown> =>
  request('POST', `/imports/${id}/${action}`, { body: {} });

/** Saves the rejected rows. A link could not carry the token. */
export async function saveRejects(id: string, name: string): Promise<void> {
  const response = await answerTo(() => reach(`/imports/${id}/rejects`, { headers: senderHeaders() }));
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name.replace(/\.[^.]*$/, '')}-rejects.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
