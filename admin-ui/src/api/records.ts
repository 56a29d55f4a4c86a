// Reads and writes of records over the REST API, any entity.
import { request } from './client.ts';

/** A record as the API gives it: values by field name, included relations beside them. */
export interface ApiRecord {
  readonly id: string;
  readonly version?: number;
  readonly display_name?: string | null;
  readonly [field: string]: unknown;
}

export interface RecordPage {
  readonly data: readonly ApiRecord[];
  readonly page: {
    readonly limit: number;
    readonly hasNext: boolean;
    readonly next: string | null;
    readonly total?: number;
  };
}

export interface SearchHit {
  readonly entity: string;
  readonly id: string;
  readonly display_name: string;
  readonly subtitle: string | null;
}

export const listRecords = (entity: string, query: URLSearchParams, signal?: AbortSignal): Promise<RecordPage> =>
  request<RecordPage>('GET', `/${entity}`, { query, ...(signal === undefined ? {} : { signal }) });

export async function readRecord(
  entity: string,
  id: string,
  include: readonly string[],
  signal?: AbortSignal,
): Promise<ApiRecord> {
  const query = new URLSearchParams(include.length === 0 ? {} : { include: include.join(',') });
  const answer = await request<{ data: ApiRecord }>('GET', `/${entity}/${encodeURIComponent(id)}`, {
    query,
    ...(signal === undefined ? {} : { signal }),
  });
  return answer.data;
}

export async function createRecord(entity: string, values: Readonly<Record<string, unknown>>): Promise<ApiRecord> {
  return (await request<{ data: ApiRecord }>('POST', `/${entity}`, { body: values })).data;
}

/** Merge-patch (RFC 7396) of the version that was read; a stale one is refused with `stale_version`. */
export async function updateRecord(
  entity: string,
  id: string,
  version: number,
  patch: Readonly<Record<string, unknown>>,
): Promise<ApiRecord> {
  const answer = await request<{ data: ApiRecord }>('PATCH', `/${entity}/${id}`, {
    body: patch,
    headers: { 'If-Match': `"${version}"` },
  });
  return answer.data;
}

export const deleteRecord = (entity: string, id: string, version: number): Promise<unknown> =>
  request('DELETE', `/${entity}/${id}`, { headers: { 'If-Match': `"${version}"` } });

export const restoreRecord = (entity: string, id: string): Promise<unknown> => request('POST', `/${entity}/${id}/restore`);

export async function searchRecords(text: string, signal: AbortSignal): Promise<readonly SearchHit[]> {
  const query = new URLSearchParams({ q: text, limit: '12' });
  return (await request<{ data: readonly SearchHit[] }>('GET', '/search', { query, signal })).data;
}

/** Just the name, for a reference whose record did not come along. */
export async function readRecordName(entity: string, id: string, signal: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ fields: 'id,display_name' });
  const answer = await request<{ data: ApiRecord }>('GET', `/${entity}/${encodeURIComponent(id)}`, { query, signal });
  return answer.data.display_name ?? '';
}
