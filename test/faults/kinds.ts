// One change of every kind, each on its own from the same start: the library with a few fields more on its books.
import type { MetadataChange } from '../../server/metadata/changes/types.ts';
import type { JsonObject } from '../../server/metadata/pointer.ts';

export interface Kind {
  readonly kind: string;
  readonly changes: readonly MetadataChange[];
  /** Cheap and telling: what the test suite kills; the command takes them all. */
  readonly small?: true;
}

const entity = 'books';
const label = (en: string) => ({ en });
export const optionsOf = (...values: string[]) => values.map((value) => ({ value, label: label(value) }));
const add = (name: string, type: string, more: object = {}): MetadataChange => ({
  op: 'addField',
  entity,
  // The ids are said, so that what is asked for twice is the same thing under the same name.
  field: { id: `fld_${name}`, name, type, label: label(name), ...more },
});
const change = (name: string, set: JsonObject): MetadataChange => ({ op: 'changeField', entity, name, set });
const validation = (least: number): MetadataChange => ({
  op: 'setValidationRule',
  entity,
  rule: {
    name: 'few_copies',
    on: ['create', 'update'],
    errorWhen: { all: [{ fact: 'copies', operator: 'lessThan', value: least }] },
    field: 'copies',
    message: label('Too few.'),
  },
});
const workflow = (status: string): MetadataChange => ({
  op: 'setWorkflow',
  workflow: {
    name: 'tidy',
    label: label('Tidy'),
    entity,
    status,
    runAs: 'system',
    trigger: { type: 'record.updated', watchFields: ['remark'] },
    rules: [
      {
        name: 'never',
        conditions: { all: [{ fact: 'remark', operator: 'equal', value: 'nobody writes that' }] },
        event: { type: 'score.add', params: { points: 1, reason: 'never' } },
      },
    ],
    steps: [
      {
        id: 'tell',
        type: 'timeline.add',
        kind: 'automation',
        when: { fact: 'remark', operator: 'equal', value: 'nobody writes that' },
        summary: label('Never'),
      },
    ],
  },
});

/** What is there before each kind. */
export const foundation: readonly MetadataChange[] = [
  add('amount', 'text'),
  add('copies', 'integer'),
  add('class', 'text'),
  add('day', 'date'),
  add('grade', 'select', { options: optionsOf('bronze', 'silver', 'gold') }),
  add('remark', 'text', { index: true }),
  add('code', 'text', { unique: true }),
  validation(-5),
  workflow('active'),
  { op: 'addIndex', entity, index: { id: 'idx_copies', fields: ['copies', '-created_at'] } },
  {
    op: 'addEntity',
    entity: {
      name: 'gauges',
      singular: 'gauge',
      plural: 'gauges',
      label: { en: { one: 'Gauge', other: 'Gauges' } },
      display: { nameFields: ['name'] },
      operations: ['create', 'read', 'update', 'delete', 'restore'],
      fields: { name: { type: 'text', label: label('Name'), required: true } },
    },
  },
  {
    op: 'addRelation',
    entity,
    relation: {
      name: 'gauge',
      kind: 'belongsTo',
      entity: 'gauges',
      field: 'gauge_id',
      onDelete: 'detach',
      label: label('Gauge'),
    },
  },
];

/** Column → SQL over `n`: what the rows hold before each kind. */
export const foundationValues: Readonly<Record<string, string>> = {
  title: `'Title ' || n`,
  display_name: `'Title ' || n`,
  search_text: `'title ' || n`,
  isbn: 'NULL',
  amount: `(n % 1000)::text`,
  copies: 'n % 1000',
  class: `(ARRAY['retail', 'trade', 'public'])[n % 3 + 1]`,
  day: `DATE '2026-01-01' + (n % 300)`,
  grade: `(ARRAY['bronze', 'silver', 'gold'])[n % 3 + 1]`,
  remark: `CASE WHEN n % 2 = 0 THEN 'remark ' || n END`,
  code: `'code ' || n`,
  created_at: `TIMESTAMPTZ '2026-01-01' + n * interval '1 second'`,
  updated_at: `TIMESTAMPTZ '2026-01-01' + n * interval '1 second'`,
};

export const kinds: readonly Kind[] = [
  {
    kind: 'add an entity with a relation and a rule',
    changes: [
      {
        op: 'addEntity',
        entity: {
          id: 'ent_shelves',
          name: 'shelves',
          singular: 'shelf',
          plural: 'shelves',
          label: { en: { one: 'Shelf', other: 'Shelves' } },
          display: { nameFields: ['name'] },
          operations: ['create', 'read', 'update', 'delete', 'restore'],
          fields: {
            name: { id: 'fld_shelf_name', type: 'text', label: label('Name'), required: true, unique: true },
            height: { id: 'fld_shelf_height', type: 'decimal', label: label('Height') },
          },
          relations: {
            book: {
              id: 'rel_shelf_book',
              kind: 'belongsTo',
              entity,
              field: 'book_id',
              inverse: 'shelves',
              onDelete: 'detach',
              label: label('Book'),
            },
          },
        },
      },
    ],
  },
  {
    kind: 'retire an entity',
    changes: [
      { op: 'retireRelation', entity, name: 'gauge' },
      { op: 'retireEntity', entity: 'gauges' },
    ],
  },
  { kind: 'rename an entity', small: true, changes: [{ op: 'renameEntity', entity, to: 'volumes', singular: 'volume' }] },
  { kind: 'change an entity', changes: [{ op: 'changeEntity', entity, set: { icon: 'books' } }] },
  { kind: 'add a field', changes: [add('nick', 'text')] },
  { kind: 'add a field with a default', changes: [add('level', 'integer', { default: 1 })] },
  { kind: 'add a unique field', changes: [add('tag_code', 'text', { unique: true })] },
  {
    kind: 'add a required field with a default',
    small: true,
    changes: [add('state', 'select', { options: optionsOf('open', 'done'), required: true, default: 'open' })],
  },
  { kind: 'add a field of several columns', changes: [add('cost', 'money')] },
  { kind: 'rename a field', changes: [{ op: 'renameField', entity, name: 'remark', to: 'comment_text' }] },
  { kind: 'rename a shipped field', changes: [{ op: 'renameField', entity, name: 'title', to: 'heading' }] },
  { kind: 'retire a field', small: true, changes: [{ op: 'retireField', entity, name: 'code' }] },
  { kind: 'type: text to whole number', small: true, changes: [change('amount', { type: 'integer' })] },
  { kind: 'type: whole number to decimal', changes: [change('copies', { type: 'decimal' })] },
  {
    kind: 'type: text to choice',
    changes: [change('class', { type: 'select', options: optionsOf('retail', 'trade', 'public') })],
  },
  { kind: 'type: date to date and time', changes: [change('day', { type: 'dateTime' })] },
  { kind: 'type: text to long text', changes: [change('remark', { type: 'longText' })] },
  { kind: 'change a label', changes: [change('amount', { label: label('The amount') })] },
  { kind: 'make a field required', changes: [change('copies', { required: true })] },
  { kind: 'make a field optional', changes: [change('title', { required: false })] },
  { kind: 'make a field unique', changes: [change('remark', { unique: true })] },
  { kind: 'let a unique field be', changes: [change('code', { unique: false })] },
  { kind: 'change a default', changes: [change('copies', { default: 7 })] },
  {
    kind: 'add an option',
    changes: [{ op: 'setOptions', entity, field: 'grade', options: optionsOf('bronze', 'silver', 'gold', 'platinum') }],
  },
  {
    kind: 'replace an option',
    small: true,
    changes: [
      { op: 'setOptions', entity, field: 'grade', options: optionsOf('bronze', 'silver', 'golden'), replace: { gold: 'golden' } },
    ],
  },
  { kind: 'add an index', changes: [{ op: 'addIndex', entity, index: { id: 'idx_amount', fields: ['amount', '-created_at'] } }] },
  { kind: 'retire an index', changes: [{ op: 'retireIndex', entity, id: 'idx_copies' }] },
  {
    kind: 'add a relation',
    changes: [
      {
        op: 'addRelation',
        entity,
        relation: {
          id: 'rel_second_gauge',
          name: 'second_gauge',
          kind: 'belongsTo',
          entity: 'gauges',
          field: 'second_gauge_id',
          onDelete: 'detach',
          label: label('Second'),
        },
      },
    ],
  },
  { kind: 'retire a relation', changes: [{ op: 'retireRelation', entity, name: 'gauge' }] },
  { kind: 'rename a relation', changes: [{ op: 'renameRelation', entity, name: 'gauge', to: 'meter' }] },
  { kind: 'change a validation rule', changes: [validation(-9)] },
  { kind: 'retire a validation rule', changes: [{ op: 'retireValidationRule', entity, name: 'few_copies' }] },
  {
    kind: 'set a layout',
    changes: [
      {
        op: 'setLayout',
        layout: {
          name: 'books_short',
          entity,
          type: 'detail',
          priority: 1,
          tabs: [
            {
              id: 'main',
              label: label('Main'),
              sections: [{ id: 'one', label: label('One'), rows: [[{ field: 'title' }, { field: 'amount' }]] }],
            },
          ],
        },
      },
    ],
  },
  {
    kind: 'set a view',
    changes: [
      {
        op: 'setView',
        view: { name: 'books_short', label: label('Short'), entity, type: 'list', columns: ['title', 'amount'], sort: ['title'] },
      },
    ],
  },
  {
    kind: 'set a role',
    changes: [
      {
        op: 'setRole',
        role: { name: 'reader', label: label('Reader'), assignableTo: ['user'], entities: { [entity]: { read: 'all' } } },
      },
    ],
  },
  { kind: 'change a workflow', changes: [workflow('draft')] },
  { kind: 'retire a workflow', changes: [{ op: 'retireWorkflow', name: 'tidy' }] },
  {
    kind: 'many things at once',
    changes: [
      { op: 'renameEntity', entity, to: 'volumes', singular: 'volume' },
      { op: 'renameField', entity: 'volumes', name: 'remark', to: 'amount_text' },
      { op: 'changeField', entity: 'volumes', name: 'amount', set: { type: 'integer' } },
      {
        op: 'addField',
        entity: 'volumes',
        field: { id: 'fld_level', name: 'level', type: 'integer', label: label('Level'), default: 3, required: true },
      },
      { op: 'retireField', entity: 'volumes', name: 'code' },
    ],
  },
];
