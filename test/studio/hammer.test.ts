// Reads and writes on two nodes without a pause while a field is renamed back and forth: none fails, none is of two versions.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type LiveNode, liveNode } from '../support/live-node.ts';
import { libraryRegistry } from '../support/registry.ts';
import type { Answer } from '../support/requests.ts';
import { type JsonRecord, metadataApi, recordOf } from './support/metadata-api.ts';

let app: TestApp;
let other: LiveNode;
let ids: readonly string[];
beforeAll(async () => {
  // What fails here fails seldom: its reason belongs beside it.
  app = await startTestApp({ registry: await libraryRegistry(), live: true, environment: { FORMWORK_LOG_LEVEL: 'error' } });
  other = await liveNode(app);
  const made = [];
  for (const at of [1, 2, 3, 4])
    made.push(recordOf(await app.request('POST', '/branches', { body: { name: `Branch ${at}`, color: '#000000' } })));
  ids = made.map(({ id }) => String(id));
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

const names = ['color', 'colour'] as const;

interface Seen {
  readonly failures: string[];
  /** The members that records had, by the version that the answer told. */
  readonly shapes: Map<string, Set<string>>;
  requests: number;
}

const colourOf = (n: number): string => `#${(n % 0xffffff).toString(16).padStart(6, '0')}`;

/** The n-th request of the mix, and the records of its answer. */
async function ask(
  n: number,
): Promise<readonly [what: string, answer: Answer, expected: number, records: readonly JsonRecord[]]> {
  const node = n % 2 === 0 ? app : other;
  const name = names[(n >> 1) % 2] ?? 'color';
  const id = ids[(n >> 2) % ids.length];
  const whole = (answer: Answer): readonly JsonRecord[] => {
    const data: unknown = answer.body['data'];
    return Array.isArray(data) ? data : typeof data === 'object' && data !== null ? [data as JsonRecord] : [];
  };
  switch (n % 5) {
    case 0: {
      const answer = await node.request('GET', `/branches/${id}`);
      return ['read', answer, 200, whole(answer)];
    }
    case 1: {
      const answer = await node.request('GET', `/branches?${name}[null]=false&sort=${name}`);
      return ['list', answer, 200, whole(answer)];
    }
    case 2: {
      const answer = await node.request('PATCH', `/branches/${id}`, { body: { [name]: colourOf(n) } });
      return ['patch', answer, 200, whole(answer)];
    }
    case 3: {
      const answer = await node.request('POST', '/branches', { body: { name: `Made ${n}`, [name]: colourOf(n) } });
      return ['create', answer, 201, whole(answer)];
    }
    default: {
      const query = `{ branches(first: 3, filter: { ${name}: { ne: "#123456" } }) { nodes { id ${name} } } }`;
      const answer = await node.request('POST', '/graphql', { body: { query } });
      return ['graphql', answer, answer.body['errors'] === undefined ? 200 : 0, []];
    }
  }
}

function judge(seen: Seen, what: string, answer: Answer, expected: number, records: readonly JsonRecord[]): void {
  seen.requests += 1;
  if (answer.status !== expected) seen.failures.push(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
  const version = answer.headers.get('x-metadata-version') ?? 'none';
  for (const record of records) {
    const shape = Object.keys(record).sort().join(' ');
    seen.shapes.set(version, (seen.shapes.get(version) ?? new Set()).add(shape));
  }
}

test('a field renamed back and forth under load: no request fails, and each answer is of one version', async () => {
  const seen: Seen = { failures: [], shapes: new Map(), requests: 0 };
  // Now both names are understood, and stay so.
  await metadataApi(app).applied({ op: 'renameField', entity: 'branches', name: 'color', to: 'colour', aliasDays: 1 });
  let over = false;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (!over) {
      next += 1;
      judge(seen, ...(await ask(next)));
    }
  };
  const lanes = Array.from({ length: 6 }, lane);
  const times: number[] = [];
  let last = 0;
  for (const [at, node] of [app, other, app, other, app, other].entries()) {
    const began = performance.now();
    const [to, name] = at % 2 === 0 ? names : [...names].reverse();
    last = await metadataApi(node).applied({ op: 'renameField', entity: 'branches', name, to, aliasDays: 1 });
    times.push(Math.round(performance.now() - began));
  }
  over = true;
  await Promise.all(lanes);
  process.stdout.write(`  ${seen.requests} requests on two nodes through six renames (${times.join(', ')} ms each)\n`);
  expect(seen.failures).toEqual([]);
  expect(seen.shapes.size).toBeGreaterThan(1);
  expect([...seen.shapes].filter(([, shapes]) => shapes.size > 1)).toEqual([]);
  expect(last).toBe(8);
});
