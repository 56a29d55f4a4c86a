// The changes that are made while clients read and write, one after another, and what clients may say before and after each.
import type { MetadataChange } from '../../server/metadata/changes/types.ts';
import { canonicals, type Vocabulary, type Word, word } from './vocabulary.ts';

export interface LiveStep {
  /** For the table: the kind of change. */
  readonly kind: string;
  /** The changes asked for in one request; a number: go back so many versions. */
  readonly changes: readonly MetadataChange[] | number;
  /** What clients stop saying before it. */
  readonly before?: (vocabulary: Vocabulary) => void;
  /** What clients say once it is live everywhere. */
  readonly after?: (vocabulary: Vocabulary) => void;
  /** Part of the small run of the test suite. */
  readonly small?: true;
}

const entity = 'contacts';
const label = (en: string) => ({ en });
const options = (...values: string[]) => values.map((value) => ({ value, label: label(value) }));
const field = (name: string, type: string, more: object = {}) => ({ name, type, label: label(name), ...more });
const add = (name: string, type: string, more: object = {}): MetadataChange => ({
  op: 'addField',
  entity,
  field: field(name, type, more),
});

const grades = ['bronze', 'silver', 'gold'];

/** Fields that are there, and filled in every row, before anything is measured. */
export const preparation: readonly MetadataChange[] = [
  add('live_amount', 'text'),
  add('live_count', 'integer'),
  add('live_class', 'text'),
  add('live_day', 'date'),
  add('live_grade', 'select', { options: options(...grades, 'tin') }),
  add('live_note', 'text'),
  add('live_old', 'text'),
];

/** Column → SQL over `n`: what the filled rows hold in them. */
export const prepared: Readonly<Record<string, string>> = {
  live_amount: `(n % 1000)::text`,
  live_count: 'n % 1000',
  live_class: `(ARRAY['retail', 'trade', 'public'])[n % 3 + 1]`,
  live_day: `DATE '2026-01-01' + (n % 300)`,
  live_grade: `(ARRAY['bronze', 'silver', 'gold', 'tin'])[n % 4 + 1]`,
  live_note: `'note ' || n`,
  live_old: `'old ' || n`,
};

const any = <T>(values: readonly T[], n: number) => values[n % values.length];
const day = (n: number): string => `2026-0${(n % 9) + 1}-1${n % 10}`;

export function firstVocabulary(): Vocabulary {
  return {
    plurals: ['contacts'],
    singulars: ['contact'],
    words: new Map<string, Word>([
      ['amount', word('live_amount', (n) => String(n % 5000), canonicals.number)],
      ['count', word('live_count', (n) => n % 5000, canonicals.number)],
      ['class', word('live_class', (n) => any(['retail', 'trade', 'public'], n))],
      ['day', word('live_day', day, canonicals.day)],
      ['grade', word('live_grade', (n) => any(grades, n))],
      ['note', word('live_note', (n) => `note of write ${n}`)],
      ['old', word('live_old', (n) => `old of write ${n}`)],
      ['title', word('job_title', (n) => `Title ${n}`)],
    ]),
  };
}

const at = ({ words }: Vocabulary, key: string): Word => {
  const found = words.get(key);
  if (found === undefined) throw new Error(`There is no word ${key}`);
  return found;
};
const learn =
  (key: string, ...entry: Parameters<typeof word>) =>
  (vocabulary: Vocabulary) => {
    vocabulary.words.set(key, word(...entry));
  };
const forget = (key: string) => (vocabulary: Vocabulary) => {
  vocabulary.words.delete(key);
};
/** The new name first: that is the one that answers tell. */
const renamed = (key: string, name: string) => (vocabulary: Vocabulary) => {
  const entry = at(vocabulary, key);
  entry.names = [name, ...entry.names.filter((other) => other !== name)];
};
const writing = (key: string, writable: boolean) => (vocabulary: Vocabulary) => {
  at(vocabulary, key).writable = writable;
};

/** Set aside while the field is gone, so that what was written before is asked for again when it is back. */
let aside: Word | undefined;

export const script: readonly LiveStep[] = [
  {
    kind: 'add an entity with a relation',
    small: true,
    changes: [
      {
        op: 'addEntity',
        entity: {
          name: 'live_gadgets',
          singular: 'live_gadget',
          plural: 'live_gadgets',
          label: { en: { one: 'Gadget', other: 'Gadgets' } },
          display: { nameFields: ['name'] },
          operations: ['create', 'read', 'update', 'delete', 'restore'],
          fields: {
            name: { type: 'text', label: label('Name'), required: true },
            weight: { type: 'decimal', label: label('Weight') },
          },
          relations: {
            contact: {
              kind: 'belongsTo',
              entity,
              field: 'contact_id',
              inverse: 'live_gadgets',
              onDelete: 'detach',
              label: label('Contact'),
            },
          },
        },
      },
    ],
  },
  {
    kind: 'add a field',
    small: true,
    changes: [add('live_nick', 'text')],
    after: learn('nick', 'live_nick', (n) => `nick ${n}`),
  },
  {
    kind: 'add a field with a default',
    small: true,
    changes: [add('live_level', 'integer', { default: 1 })],
    after: learn('level', 'live_level', (n) => n % 9, canonicals.number),
  },
  {
    kind: 'add a unique field',
    changes: [add('live_code', 'text', { unique: true })],
    after: learn('code', 'live_code', (n) => `code-${n}`),
  },
  {
    kind: 'add a required field with a default',
    small: true,
    changes: [add('live_state', 'select', { options: options('open', 'done'), required: true, default: 'open' })],
    after: learn('state', 'live_state', (n) => any(['open', 'done'], n)),
  },
  {
    kind: 'add a choice',
    changes: [add('live_color', 'select', { options: options('red', 'green') })],
    after: learn('color', 'live_color', (n) => any(['red', 'green'], n)),
  },
  {
    kind: 'rename a field',
    small: true,
    changes: [{ op: 'renameField', entity, name: 'live_note', to: 'live_remark' }],
    after: renamed('note', 'live_remark'),
  },
  {
    kind: 'rename the entity',
    small: true,
    changes: [{ op: 'renameEntity', entity, to: 'people', singular: 'person' }],
    after: ({ plurals, singulars }) => {
      plurals.unshift('people');
      singulars.unshift('person');
    },
  },
  {
    kind: 'rename the entity back',
    small: true,
    changes: [{ op: 'renameEntity', entity: 'people', to: 'contacts', singular: 'contact' }],
  },
  {
    kind: 'type: text to whole number',
    small: true,
    changes: [{ op: 'changeField', entity, name: 'live_amount', set: { type: 'integer', big: true } }],
  },
  {
    kind: 'type: whole number to decimal',
    changes: [{ op: 'changeField', entity, name: 'live_count', set: { type: 'decimal' } }],
  },
  {
    kind: 'type: text to choice',
    changes: [
      { op: 'changeField', entity, name: 'live_class', set: { type: 'select', options: options('retail', 'trade', 'public') } },
    ],
  },
  {
    // No value is both a date and a time, so nobody writes this one meanwhile.
    kind: 'type: date to date and time',
    before: writing('day', false),
    changes: [{ op: 'changeField', entity, name: 'live_day', set: { type: 'dateTime' } }],
    after: (vocabulary) =>
      vocabulary.words.set('day', { ...at(vocabulary, 'day'), writable: true, sample: (n) => `${day(n)}T10:00:00.000Z` }),
  },
  { kind: 'change a label', changes: [{ op: 'changeField', entity, name: 'live_nick', set: { label: label('Nickname') } }] },
  {
    kind: 'add an option',
    changes: [{ op: 'setOptions', entity, field: 'live_grade', options: options(...grades, 'tin', 'platinum') }],
  },
  {
    kind: 'rename an option, values follow',
    small: true,
    before: writing('grade', false),
    changes: [
      {
        op: 'setOptions',
        entity,
        field: 'live_grade',
        options: options('bronze', 'silver', 'golden', 'tin', 'platinum'),
        replace: { gold: 'golden' },
      },
    ],
    after: (vocabulary) =>
      vocabulary.words.set('grade', {
        ...at(vocabulary, 'grade'),
        writable: true,
        sample: (n) => any(['bronze', 'silver', 'golden'], n),
        replaced: { gold: 'golden' },
      }),
  },
  {
    kind: 'remove an option, values replaced',
    changes: [
      {
        op: 'setOptions',
        entity,
        field: 'live_grade',
        options: options('bronze', 'silver', 'golden', 'platinum'),
        replace: { tin: 'bronze' },
      },
    ],
  },
  {
    kind: 'make a field required',
    small: true,
    before: (vocabulary) => {
      at(vocabulary, 'level').demanded = true;
    },
    changes: [{ op: 'changeField', entity, name: 'live_level', set: { required: true } }],
  },
  {
    kind: 'make it optional again',
    changes: [{ op: 'changeField', entity, name: 'live_level', set: { required: false } }],
    after: (vocabulary) => {
      at(vocabulary, 'level').demanded = false;
    },
  },
  {
    kind: 'add an index',
    changes: [{ op: 'addIndex', entity, index: { id: 'idx_live', fields: ['live_amount', '-created_at'] } }],
  },
  { kind: 'retire an index', changes: [{ op: 'retireIndex', entity, id: 'idx_live' }] },
  {
    kind: 'add a relation',
    changes: [
      {
        op: 'addRelation',
        entity,
        relation: {
          name: 'live_favourite',
          kind: 'belongsTo',
          entity: 'live_gadgets',
          field: 'live_favourite_id',
          onDelete: 'detach',
          label: label('Favourite'),
        },
      },
    ],
  },
  { kind: 'retire a relation', changes: [{ op: 'retireRelation', entity, name: 'live_favourite' }] },
  { kind: 'add a validation rule', changes: [validation('-1')] },
  { kind: 'change a validation rule', changes: [validation('-2')] },
  { kind: 'retire a validation rule', changes: [{ op: 'retireValidationRule', entity, name: 'live_level_not_negative' }] },
  {
    kind: 'set a layout',
    changes: [
      {
        op: 'setLayout',
        layout: {
          name: 'live_contacts',
          entity,
          type: 'detail',
          priority: 1,
          tabs: [
            {
              id: 'main',
              label: label('Main'),
              sections: [{ id: 'one', label: label('One'), rows: [[{ field: 'last_name' }, { field: 'live_nick' }]] }],
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
        view: {
          name: 'live_contacts',
          label: label('Live'),
          entity,
          type: 'list',
          columns: ['last_name', 'live_nick'],
          sort: ['last_name'],
        },
      },
    ],
  },
  {
    kind: 'set a role',
    changes: [
      {
        op: 'setRole',
        role: {
          name: 'live_reader',
          label: label('Live reader'),
          assignableTo: ['user'],
          entities: { [entity]: { read: 'all' } },
        },
      },
    ],
  },
  {
    kind: 'set a workflow',
    changes: [
      {
        op: 'setWorkflow',
        workflow: {
          name: 'live_quiet',
          label: label('Live'),
          entity,
          status: 'active',
          runAs: 'system',
          trigger: { type: 'record.updated', watchFields: ['live_nick'] },
          rules: [
            {
              name: 'never',
              conditions: { all: [{ fact: 'live_nick', operator: 'equal', value: 'nobody is called that' }] },
              event: { type: 'score.add', params: { points: 1, reason: 'never' } },
            },
          ],
          steps: [
            {
              id: 'tell',
              type: 'timeline.add',
              kind: 'automation',
              when: { fact: 'live_nick', operator: 'equal', value: 'nobody is called that' },
              summary: label('Never'),
            },
          ],
        },
      },
    ],
  },
  { kind: 'retire a workflow', changes: [{ op: 'retireWorkflow', name: 'live_quiet' }] },
  {
    kind: 'retire a field',
    small: true,
    before: (vocabulary) => {
      aside = at(vocabulary, 'old');
      vocabulary.words.delete('old');
    },
    changes: [{ op: 'retireField', entity, name: 'live_old' }],
  },
  {
    kind: 'bring it back: roll back one version',
    small: true,
    changes: 1,
    after: (vocabulary) => {
      if (aside !== undefined) vocabulary.words.set('old', aside);
    },
  },
  {
    kind: 'rename a shipped field',
    changes: [{ op: 'renameField', entity, name: 'job_title', to: 'position' }],
    after: renamed('title', 'position'),
  },
  { kind: 'add another field', changes: [add('live_extra', 'text')], after: learn('extra', 'live_extra', (n) => `extra ${n}`) },
  {
    kind: 'roll back two versions',
    before: (vocabulary) => {
      forget('extra')(vocabulary);
      at(vocabulary, 'title').names = ['job_title'];
    },
    changes: 2,
  },
  { kind: 'retire the entity that was added', small: true, changes: [{ op: 'retireEntity', entity: 'live_gadgets' }] },
];

function validation(least: string): MetadataChange {
  return {
    op: 'setValidationRule',
    entity,
    rule: {
      name: 'live_level_not_negative',
      on: ['create', 'update'],
      errorWhen: { all: [{ fact: 'live_level', operator: 'lessThan', value: Number(least) }] },
      field: 'live_level',
      message: label('Too low.'),
    },
  };
}
