// Server processes on one database, and requests to them that also tell which metadata version answered.
import { adminEmail, adminPassword, adminVariables } from '../process/client.ts';
import { type Program, type ProgramFolder, programFolder, type Variables } from '../process/program.ts';
import { watchedFetch } from '../support/watched-fetch.ts';

export interface Reply {
  readonly status: number;
  /** Number of the metadata version that the answer was made with, from its header. */
  readonly version: number | undefined;
  readonly location: string | null;
  readonly text: string;
}

export interface Node {
  readonly name: string;
  /** `http://…/crm/v1` */
  readonly base: string;
  readonly program: Program;
  /** Writes get an Idempotency-Key. `path` is below the base path unless it begins with `//` (then from the root). */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
}

export interface Cluster {
  readonly folder: ProgramFolder;
  start(name: string, basePath: string, variables?: Variables): Promise<Node>;
  remove(): Promise<void>;
}

const requestTimeoutMs = 120_000;
/** Access tokens live for a quarter of an hour. */
const tokenMs = 5 * 60_000;

export const versionHeader = 'x-metadata-version';

/** Starts processes of the compiled program beside the database; the first one that starts makes the administrator. */
export function cluster(databaseUrl: string, common: Variables = {}): Cluster {
  const folder = programFolder();
  return {
    folder,
    start: async (name, basePath, variables = {}) => {
      const program = folder.run(['start'], { ...adminVariables, DATABASE_URL: databaseUrl, ...common, ...variables });
      const root = await program.ready();
      return nodeAt(name, root, basePath, program);
    },
    remove: () => folder.remove(),
  };
}

function nodeAt(name: string, root: string, basePath: string, program: Program): Node {
  const base = `${root}${basePath}`;
  let token: { readonly at: number; readonly value: Promise<string> } | undefined;
  const bearer = (): Promise<string> => {
    if (token === undefined || Date.now() - token.at > tokenMs) token = { at: Date.now(), value: signIn(base) };
    return token.value;
  };
  return {
    name,
    base,
    program,
    send: async (method, path, body, headers = {}) => {
      const url = path.startsWith('//') ? `${root}${path.slice(1)}` : `${base}${path}`;
      return request(method, url, body, {
        ...(path.startsWith('//') ? {} : { Authorization: `Bearer ${await bearer()}` }),
        ...(method === 'GET' ? {} : { 'Idempotency-Key': crypto.randomUUID() }),
        ...headers,
      });
    },
  };
}

async function request(method: string, url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const response = await watchedFetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const text = await response.text();
  const version = response.headers.get(versionHeader);
  return {
    status: response.status,
    version: version === null ? undefined : Number(version),
    location: response.headers.get('location'),
    text,
  };
}

async function signIn(base: string): Promise<string> {
  const { status, text } = await request('POST', `${base}/auth/login`, { email: adminEmail, password: adminPassword }, {});
  const token = status === 200 ? (JSON.parse(text) as { data?: { access_token?: string } }).data?.access_token : undefined;
  if (token === undefined) throw new Error(`Signing in failed with ${status}: ${text}`);
  return token;
}
