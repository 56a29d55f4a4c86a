// The mixed reads and writes of the live change: each builds a request from what is understood now and judges its answer.
import { filledId } from './fill.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Node, Reply } from './nodes.ts';
import type { Act } from './open-loop.ts';
import type { JsonRecord, VersionShapes } from './version-shapes.ts';
import { pick, type Vocabulary, type Word } from './vocabulary.ts';

export interface Traffic {
  readonly nodes: readonly Node[];
  readonly vocabulary: Vocabulary;
  readonly book: Ledger;
  readonly shapes: VersionShapes;
  /** Rows that were filled; every read goes to one of them, or to one of the ledger's. */
  readonly rows: number;
  readonly entityId: string;
}

/** Nobody writes to filled rows above this number. */
export const firstQuietRow = 501;

type Kind = readonly [
  what: string,
  kind: 'read' | 'write',
  send: (traffic: Traffic, node: Node, n: number) => Promise<string | undefined>,
];

/** One round of the mix; what comes more often stands more often. */
const mix: readonly Kind[] = [
  ['get', 'read', get],
  ['create', 'write', create],
  ['list', 'read', list],
  ['patch', 'write', patch],
  ['get', 'read', get],
  ['graphql query', 'read', graphqlQuery],
  ['get', 'read', get],
  ['create', 'write', create],
  ['list', 'read', chosenList],
  ['patch', 'write', patch],
  ['get', 'read', get],
  ['graphql query', 'read', graphqlList],
  ['search', 'read', search],
  ['graphql mutation', 'write', graphqlMutation],
  ['get', 'read', get],
  ['create', 'write', graphqlCreate],
  ['list', 'read', list],
  ['patch', 'write', patch],
  ['get', 'read', get],
  ['delete', 'write', remove],
];

export function actOf(traffic: Traffic): Act {
  return (n) => {
    const [what, kind, send] = pick(mix, n);
    return { what, kind, done: send(traffic, pick(traffic.nodes, n + Math.floor(n / mix.length)), n) };
  };
}

// --- reads

const anyRow = ({ rows }: Traffic, n: number): string => filledId(((n * 7919) % rows) + 1);

async function get(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const id = anyRow(traffic, n);
  const reply = await node.send('GET', `/${pick(traffic.vocabulary.plurals, n)}/${id}`);
  return judged('get', node, reply, 200, () => sawRecords(traffic, node, reply, [dataOf(reply)], true));
}

async function list(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const path = `/${pick(traffic.vocabulary.plurals, n)}`;
  const query = pick(
    ['lifecycle[eq]=customer&sort=last_name&limit=20', 'sort=-updated_at&limit=20', 'sort=last_name,first_name&limit=20'],
    n,
  );
  const reply = await node.send('GET', `${path}?${query}`);
  return judged('list', node, reply, 200, () => sawRecords(traffic, node, reply, dataOf(reply), true));
}

/** Selects, filters and sorts by a field that changes under it, by any of its names. */
async function chosenList(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const [, chosen] = pick([...traffic.vocabulary.words], n);
  const name = pick(chosen.names, n);
  const ids = Array.from({ length: 20 }, (_, index) => anyRow(traffic, n + index)).join(',');
  const plural = pick(traffic.vocabulary.plurals, n);
  const reply = await node.send(
    'GET',
    `/${plural}?fields=id,display_name,${name}&id[in]=${ids}&${name}[null]=false&sort=${name}&limit=20`,
  );
  return judged(`list by ${name}`, node, reply, 200, () => sawRecords(traffic, node, reply, dataOf(reply), false));
}

async function search(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const reply = await node.send('GET', `/search?q=row${((n * 7919) % traffic.rows) + 1}x&limit=5`);
  return judged('search', node, reply, 200, () => undefined);
}

async function graphqlQuery(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const [, chosen] = pick([...traffic.vocabulary.words], n);
  const one = pick(traffic.vocabulary.singulars, n);
  const name = pick(chosen.names, n);
  const query = `{ found: ${one}(id: "${anyRow(traffic, n)}") { id version display_name ${name} } }`;
  return graphql(traffic, node, query, 'graphql query');
}

async function graphqlList(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const many = pick(traffic.vocabulary.plurals, n);
  const query = `{ found: ${many}(first: 10, filter: { lifecycle: { eq: "customer" } }, sort: "last_name") { nodes { id last_name updated_at } } }`;
  return graphql(traffic, node, query, 'graphql list');
}

// --- writes

async function create(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const { body, values } = newRecord(traffic.vocabulary, n);
  const reply = await node.send('POST', `/${pick(traffic.vocabulary.plurals, n)}`, body);
  return judged('create', node, reply, 201, () => {
    const record = dataOf<JsonRecord>(reply);
    acknowledge(traffic, record, values);
    return sawRecords(traffic, node, reply, [record], true);
  });
}

async function patch(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const entry = traffic.book.take(n);
  if (entry === undefined) return create(traffic, node, n);
  const { body, values } = newValues(traffic.vocabulary, n);
  const reply = await node.send('PATCH', `/${pick(traffic.vocabulary.plurals, n)}/${entry.id}`, body).finally(() => free(entry));
  return judged('patch', node, reply, 200, () => {
    note(traffic, entry, values);
    return sawRecords(traffic, node, reply, [dataOf(reply)], true);
  });
}

async function remove(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const entry = traffic.book.take(n);
  if (entry === undefined) return create(traffic, node, n);
  const reply = await node.send('DELETE', `/${pick(traffic.vocabulary.plurals, n)}/${entry.id}`).finally(() => free(entry));
  return judged('delete', node, reply, 204, () => {
    traffic.book.acknowledged += 1;
    entry.deleted = true;
    return undefined;
  });
}

async function graphqlMutation(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const entry = traffic.book.take(n);
  if (entry === undefined) return create(traffic, node, n);
  const { body, values } = newValues(traffic.vocabulary, n);
  const verb = `update${capital(pick(traffic.vocabulary.singulars, n))}`;
  const selection = ['id', 'version', ...Object.keys(body)].join(' ');
  const query = `mutation { found: ${verb}(id: "${entry.id}", patch: ${inGraphql(body)}) { ${selection} } }`;
  return graphql(traffic, node, query, verb, () => note(traffic, entry, values)).finally(() => free(entry));
}

async function graphqlCreate(traffic: Traffic, node: Node, n: number): Promise<string | undefined> {
  const { body, values } = newRecord(traffic.vocabulary, n);
  const verb = `create${capital(pick(traffic.vocabulary.singulars, n))}`;
  const query = `mutation { found: ${verb}(input: ${inGraphql(body)}) { id last_name } }`;
  return graphql(traffic, node, query, verb, (record) => acknowledge(traffic, record, values));
}

function newRecord(vocabulary: Vocabulary, n: number) {
  const { body, values } = newValues(vocabulary, n, 3);
  return {
    body: { first_name: 'Live', last_name: `Written${n}`, lifecycle: 'customer', ...body, ...always(vocabulary, n).body },
    values: { ...values, ...always(vocabulary, n).values },
  };
}

/** Values of a few fields, the n-th time others, under any name that is understood. */
function newValues(vocabulary: Vocabulary, n: number, most = 2) {
  const writable = [...vocabulary.words].filter(([, { writable }]) => writable);
  const chosen = Array.from({ length: Math.min(most, writable.length) }, (_, index) => pick(writable, n + index * 3));
  return under(chosen, n);
}

/** What every record must have since a field of it became required. */
const always = (vocabulary: Vocabulary, n: number) =>
  under(
    [...vocabulary.words].filter(([, { demanded }]) => demanded === true),
    n,
  );

function under(chosen: readonly (readonly [string, Word])[], n: number) {
  const distinct = new Map(chosen);
  const body: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  for (const [key, { names, sample }] of distinct) {
    values[key] = sample(n);
    body[pick(names, n)] = values[key];
  }
  return { body, values };
}

function acknowledge({ book }: Traffic, record: JsonRecord, values: JsonRecord): void {
  book.acknowledged += 1;
  book.add(String(record['id']), values);
}

function note({ book }: Traffic, entry: Entry, values: JsonRecord): void {
  book.acknowledged += 1;
  for (const [key, value] of Object.entries(values)) entry.values.set(key, value);
}

const free = (entry: Entry): void => {
  entry.busy = false;
};

// --- answers

async function graphql(
  traffic: Traffic,
  node: Node,
  query: string,
  what: string,
  done?: (record: JsonRecord) => void,
): Promise<string | undefined> {
  const reply = await node.send('POST', '/graphql', { query });
  return judged(what, node, reply, 200, () => {
    const { data, errors } = JSON.parse(reply.text) as {
      data?: { found?: JsonRecord & { nodes?: JsonRecord[] } };
      errors?: unknown;
    };
    if (errors !== undefined || data?.found == null)
      return `${what} on ${node.name}: ${reply.text.slice(0, 400)} to ${query.slice(0, 200)}`;
    done?.(data.found);
    return sawRecords(traffic, node, reply, data.found.nodes ?? [data.found], false);
  });
}

/** The failure of an answer, undefined when it is the one that is expected and holds up. */
function judged(what: string, node: Node, reply: Reply, expected: number, more: () => string | undefined): string | undefined {
  if (reply.status !== expected) return `${what} on ${node.name}: ${reply.status} ${reply.text.slice(0, 400)}`;
  if (reply.version === undefined || !Number.isInteger(reply.version)) return `${what} on ${node.name}: no version in the header`;
  return more();
}

function sawRecords(traffic: Traffic, node: Node, reply: Reply, records: readonly JsonRecord[], whole: boolean): undefined {
  for (const record of records)
    traffic.shapes.saw(reply.version ?? 0, traffic.entityId, record, whole, `an answer of ${node.name}`);
}

const dataOf = <T = JsonRecord & JsonRecord[]>(reply: Reply): T => (JSON.parse(reply.text) as { data: T }).data;

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const inGraphql = (body: JsonRecord): string =>
  `{ ${Object.entries(body)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')} }`;
