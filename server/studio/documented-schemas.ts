// What the metadata API takes and gives, as JSON Schema for the OpenAPI document.

const text = { type: 'string' };
const number = { type: 'integer' };
const nullable = (type: string) => ({ type: [type, 'null'] });
const list = (items: object) => ({ type: 'array', items });
const anything = { type: 'object', additionalProperties: true };
const record = (properties: Readonly<Record<string, object>>, required = Object.keys(properties)) => ({
  type: 'object',
  required,
  properties,
});

const changes = {
  type: 'array',
  minItems: 1,
  description: 'Operations in order: addEntity, addField, renameField, retireField, setOptions, setLayout, setWorkflow …',
  items: { type: 'object', required: ['op'], properties: { op: text }, additionalProperties: true },
};
const baseVersion = {
  type: 'integer',
  description: 'The version that the caller looked at; 409 when it is no longer the newest.',
};
const reason = { type: 'string', maxLength: 2000, description: 'Kept with the version.' };

/** Bodies of requests. */
export const requests = {
  change: record({ changes, base_version: baseVersion, reason }, ['changes']),
  rollback: record({ to: { type: 'integer', minimum: 0 }, base_version: baseVersion, reason }, ['to']),
};

const step = {
  kind: text,
  phase: { enum: ['expand', 'prepare', 'swap', 'settle'] },
  entity: text,
  description: text,
  up: list(text),
  down: list(text),
  lock: { type: 'string', description: 'The strongest table lock, as PostgreSQL names it.' },
  cost: { enum: ['instant', 'scan', 'rewrite', 'deferred'] },
};
const blocker = record({ pointer: text, code: text, detail: text, examples: list(text), total: number, values: list({}) }, [
  'pointer',
  'code',
  'detail',
  'examples',
  'total',
]);
const plannedSteps = list(record({ ...step, rows: number, estimate_ms: { type: 'number' } }));
const impact = list(
  record({ kind: text, name: text, pointer: text, effect: text, detail: text }, ['kind', 'name', 'pointer', 'effect']),
);

const summary = {
  version: number,
  status: { enum: ['applying', 'applied', 'undoing', 'undone'] },
  kind: { enum: ['files', 'change', 'rollback', 'purge'] },
  author: { anyOf: [record({ id: nullable('string'), name: text }), { type: 'null' }] },
  reason: nullable('string'),
  reverts: { ...nullable('integer'), description: 'The version that this one takes back.' },
  metadata_hash: text,
  created_at: text,
  applied_at: nullable('string'),
  undone_at: nullable('string'),
};

/** Bodies of answers. */
export const answers = {
  plan: record(
    {
      base_version: number,
      version_hash: text,
      steps: plannedSteps,
      blockers: { ...list(blocker), description: 'What the data have against it.' },
      impact: { ...impact, description: 'Everything that uses what changes, and what becomes of it.' },
      breaking: list(anything),
      difference: list(anything),
    },
    ['base_version', 'steps', 'blockers', 'impact', 'breaking', 'difference'],
  ),
  rollbackPlan: record({
    base_version: number,
    to: number,
    reverts: { ...list(number), description: 'The versions that are taken back, newest first.' },
    steps: list(record({ version: number, ...step })),
    caveats: { ...list(anything), description: 'What becomes of the data.' },
    breaking: list(anything),
    difference: list(anything),
  }),
  outcome: record({ version: number, base_version: number, applied_steps: number, url: text }),
  summary: record(summary),
  detail: record({
    ...summary,
    stage: { enum: ['expand', 'prepared', 'swapped'] },
    changes: {},
    progress: record({ steps_done: number, steps_total: number, rows_done: number, rows_total: number }),
    steps: list(record({ id: text, ...step, status: text, rows_done: number, rows_total: nullable('integer') })),
  }),
  comparison: record({ from: number, to: number, difference: list(anything), breaking: list(anything), rights: list(anything) }),
  conversion: record({ id: text, value: {} }),
  documents: record({ version: number, documents: list(record({ layer: text, kind: text, file: text, content: anything })) }),
  page: record({ limit: number, hasNext: { type: 'boolean' }, next: nullable('string') }),
};
