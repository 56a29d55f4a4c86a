// The metadata API as its tests use it: what goes well in one call, what does not with everything that the answer said.
import type { Answer, AnswerBody, Requester } from '../../support/requests.ts';

export interface MetadataApi {
  plan(...changes: readonly unknown[]): Promise<Answer>;
  /** Whatever the answer is. `more` goes beside the changes. */
  apply(changes: readonly unknown[], more?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The number of the version that the changes made. @throws Error when they were not applied at once */
  applied(...changes: readonly unknown[]): Promise<number>;
  /** The number of the version in force afterwards. */
  rolledBack(to: number): Promise<number>;
  /** The version that this node serves. */
  current(): Promise<number>;
}

export function metadataApi(node: Requester): MetadataApi {
  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    node.request('POST', `/meta${path}`, { body, headers });
  const versionOf = ({ status, body }: Answer): number => {
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return Number(body['data']?.['version']);
  };
  return {
    plan: (...changes) => post('/plan', { changes }),
    apply: (changes, more = {}, headers = {}) => post('/apply', { changes, ...more }, headers),
    applied: async (...changes) => versionOf(await post('/apply', { changes })),
    rolledBack: async (to) => versionOf(await post('/rollback', { to })),
    current: async () => Number((await node.request('GET', '/meta/versions?limit=1')).headers.get('x-metadata-version')),
  };
}

export const pointersOf = (body: AnswerBody): string[] => [...(body['errors'] ?? [])].map((error) => String(error['pointer']));

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The record of an answer. @throws Error when there is none */
export function recordOf({ status, body }: Answer): JsonRecord {
  const data: unknown = body['data'];
  if (typeof data !== 'object' || data === null) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return data as JsonRecord;
}

/** The records of a list. @throws Error when the answer is none */
export function recordsOf(answer: Answer): readonly JsonRecord[] {
  const data: unknown = recordOf(answer);
  if (!Array.isArray(data)) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return data as JsonRecord[];
}
