// The client that stands word for word, below its imports, in every generated file: fetch, and nothing else.
import type { ProblemCode } from '../problem.ts';
import type { ChangeOptions, Client, ClientOptions, EntityMap, Page, RequestOptions, WriteOptions } from './client-shapes.ts';

/** One finding about the input: a JSON pointer into the body, or `?name` for a query parameter. */
export interface Issue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What every refusal is thrown as: the problem document (RFC 9457) of the answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** Stable; texts may be reworded. */
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly Issue[];
  readonly requestId: string | undefined;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined;
  /** The whole document, e.g. with `current`, the record as it is now, when the version was stale. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(status: number, document: Readonly<Record<string, unknown>>, retryAfter?: number) {
    const text = (key: string): string | undefined => (typeof document[key] === 'string' ? document[key] : undefined);
    const title = text('title') ?? `HTTP ${status}`;
    super(text('detail') ?? title);
    this.status = status;
    this.code = (text('code') ?? 'internal') as ProblemCode;
    this.title = title;
    this.detail = text('detail');
    this.errors = Array.isArray(document['errors']) ? (document['errors'] as Issue[]) : [];
    this.requestId = text('requestId');
    this.retryAfter = retryAfter;
    this.document = document;
  }
}

/** A client with one member for each of the entities. Filters name operators by the keys of `operators`. */
export function clientOf<M extends EntityMap<M>>(
  options: ClientOptions,
  entities: readonly (keyof M & string)[],
  operators: Readonly<Record<string, string>>,
): Client<M> {
  const clients = entities.map((entity) => [entity, entityClient(options, entity, operators)]);
  return Object.fromEntries(clients) as unknown as Client<M>;
}

type Query = Readonly<Record<string, unknown>> & RequestOptions;
/** A longer address may be refused on its way; the same words then travel as a body. */
const longestAddress = 4_000;

function entityClient(options: ClientOptions, entity: string, operators: Readonly<Record<string, string>>) {
  const path = (id: string) => `/${entity}/${encodeURIComponent(id)}`;
  const list = (query: Query = {}): Promise<Page<unknown>> => {
    const asked = wordsOf(query, operators);
    const address = `/${entity}${addressed(asked)}`;
    const answer =
      address.length > longestAddress
        ? ask(options, 'POST', `/${entity}/query`, query, asked)
        : ask(options, 'GET', address, query);
    return answer as Promise<Page<unknown>>;
  };
  async function* pages(query: Query = {}): AsyncGenerator<Page<unknown>, void, undefined> {
    const { page: _page, before: _before, ...rest } = query;
    for (let page = await list(query); ; page = await list({ ...rest, after: page.page.next })) {
      yield page;
      if (!page.page.hasNext || page.page.next === null) return;
    }
  }
  const data = async (method: string, to: string, given: WriteOptions = {}, body?: unknown): Promise<unknown> =>
    ((await ask(options, method, to, given, body)) as { readonly data?: unknown } | undefined)?.data;
  return {
    list,
    pages,
    get: (id: string, query: Query = {}) => data('GET', path(id) + addressed(wordsOf(query, operators)), query),
    create: (input: unknown, given?: WriteOptions) => data('POST', `/${entity}`, given, input),
    createMany: (inputs: unknown, given?: WriteOptions) => data('POST', `/${entity}`, given, inputs),
    update: (id: string, patch: unknown, given?: ChangeOptions) => data('PATCH', path(id), given, patch),
    delete: (id: string, given?: ChangeOptions) => data('DELETE', path(id), given),
    purge: (id: string, given?: WriteOptions) => data('DELETE', `${path(id)}?purge=true`, given),
    restore: (id: string, given?: WriteOptions) => data('POST', `${path(id)}/restore`, given),
  };
}

/** The words that the server takes: filters and `where` are one condition tree, included relations are paths. */
function wordsOf({ filter, where, include, signal: _signal, ...words }: Query, operators: Readonly<Record<string, string>>) {
  const tests = Object.entries(filter ?? {}).flatMap(([fact, test]) =>
    Object.entries(test ?? {}).map(([operator, value]) => ({ fact, operator: operators[operator] ?? operator, value })),
  );
  const conditions = [...tests, ...(where === undefined ? [] : [where])];
  const paths = pathsOf(include);
  const given = {
    ...words,
    include: paths.length > 0 ? paths : undefined,
    filter: conditions.length > 0 ? { all: conditions } : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

const pathsOf = (include: unknown): readonly string[] =>
  Object.entries(include ?? {}).flatMap(([name, below]) =>
    below === undefined ? [] : [name, ...pathsOf(below).map((path) => `${name}.${path}`)],
  );

function addressed(words: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [word, value] of Object.entries(words))
    parameters.append(word, word === 'filter' ? JSON.stringify(value) : String(value));
  return parameters.size === 0 ? '' : `?${parameters}`;
}

async function ask(options: ClientOptions, method: string, path: string, given: ChangeOptions, body?: unknown): Promise<unknown> {
  const token = await options.token?.();
  const response = await (options.fetch ?? fetch)(options.baseUrl.replace(/\/$/, '') + path, {
    method,
    headers: {
      Accept: 'application/json',
      ...options.headers,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(method === 'GET' ? {} : { 'Idempotency-Key': given.idempotencyKey ?? crypto.randomUUID() }),
      ...(given.ifVersion === undefined ? {} : { 'If-Match': `"${given.ifVersion}"` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(given.signal === undefined ? {} : { signal: given.signal }),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  throw new ApiProblem(response.status, documentIn(text), Number.isFinite(seconds) ? seconds : undefined);
}

/** A proxy in between may answer with anything. */
function documentIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
