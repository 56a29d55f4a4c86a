// A small application made for tests of the repository: every field type, every kind of relation, every rule of a delete.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldTypes } from '../../../server/fields/index.ts';
import { type CompileOptions, compileRegistry } from '../../../server/metadata/compile.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import type { EntityMetadata, MetadataSource, RelationMetadata } from '../../../server/metadata/types.ts';
import { packageRoot } from '../../../server/package-root.ts';

const label = { en: 'x' };
type Fields = Readonly<Record<string, { readonly type: string; readonly [setting: string]: unknown }>>;
type More = Partial<Omit<EntityMetadata, 'fields' | 'relations'>> & {
  readonly relations?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** An entity of the workshop; ids are derived from names. */
export function entity(plural: string, singular: string, fields: Fields, more: More = {}): EntityMetadata {
  const { relations = {}, ...rest } = more;
  return {
    id: `ent_${plural}`,
    name: plural,
    singular,
    plural,
    label: { en: { one: singular, other: plural } },
    display: { nameFields: ['name'] },
    operations: ['create', 'read', 'update', 'delete', 'restore', 'purge'],
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, { id: `fld_${plural}_${name}`, label, ...field }]),
    ),
    relations: Object.fromEntries(
      Object.entries(relations).map(([name, relation]) => [
        name,
        { id: `rel_${plural}_${name}`, kind: 'belongsTo', onDelete: 'restrict', ...relation } as unknown as RelationMetadata,
      ]),
    ),
    ...rest,
  };
}

const options = (...values: string[]) => values.map((value) => ({ value, label }));
const name = { type: 'text', required: true, maxLength: 300 };
const to = (target: string, onDelete: string, more: Readonly<Record<string, unknown>> = {}) => ({
  entity: target,
  field: `${target.replace(/s$/, '')}_id`,
  inverse: undefined,
  onDelete,
  ...more,
});

const entities: readonly EntityMetadata[] = [
  entity('regions', 'region', { name, wet: { type: 'boolean' } }, { search: { fields: [{ name: 'name', weight: 'A' }] } }),
  entity(
    'groups',
    'group',
    { name, level: { type: 'integer' }, labels: { type: 'multiSelect', options: options('a', 'b', 'c') } },
    { relations: { region: to('regions', 'detach', { inverse: 'groups' }) } },
  ),
  entity(
    'samples',
    'sample',
    {
      name,
      code: { type: 'text', unique: true },
      nick: { type: 'text' },
      story: { type: 'longText' },
      email: { type: 'email', unique: true },
      phone: { type: 'phone', regionFrom: ['home.country'] },
      page: { type: 'url' },
      count: { type: 'integer' },
      big_count: { type: 'integer', big: true },
      ratio: { type: 'decimal' },
      price: { type: 'money' },
      share: { type: 'percent' },
      done: { type: 'boolean' },
      due: { type: 'date' },
      seen_at: { type: 'dateTime' },
      opens: { type: 'time' },
      kind: { type: 'select', options: options('red', 'green', 'blue') },
      labels: { type: 'multiSelect', options: options('a', 'b', 'c') },
      stars: { type: 'rating' },
      tint: { type: 'color' },
      home: { type: 'address' },
      spot: { type: 'geolocation' },
      extra: { type: 'json' },
      password: { type: 'secret', minLength: 8 },
      fixed: { type: 'text', readOnly: true, default: 'as made' },
      status: { type: 'select', options: options('open', 'closed'), required: true, default: 'open' },
    },
    {
      features: { timeline: true, import: true, tags: true },
      display: { nameFields: ['name', 'code'], subtitleFields: ['kind'] },
      search: {
        fields: [
          { name: 'name', weight: 'A' },
          { name: 'story', weight: 'C' },
        ],
      },
      relations: {
        group: to('groups', 'detach', { inverse: 'samples' }),
        parent: to('samples', 'detach', { field: 'parent_id', inverse: 'children' }),
        friends: {
          kind: 'manyToMany',
          entity: 'groups',
          through: 'friendships',
          from: 'sample',
          to: 'group',
          inverse: 'friends',
        },
      },
    },
  ),
  entity(
    'friendships',
    'friendship',
    { name: { type: 'text' } },
    { relations: { sample: to('samples', 'cascade'), group: to('groups', 'cascade') } },
  ),
  // What a delete does: lines go with their order, payments hold it, memos let go of it; stamps are of anything.
  entity(
    'orders',
    'order',
    {
      name,
      number: { type: 'autoNumber', format: 'O-{0000}', gapless: true },
      state: { type: 'select', options: options('draft', 'sent', 'paid'), required: true, default: 'draft' },
      total: { type: 'decimal' },
      bill_to: { type: 'address' },
      paid_on: { type: 'date', requiredWhen: { fact: 'state', operator: 'equal', value: 'paid' } },
      memo: { type: 'text', readOnlyWhen: { fact: 'state', operator: 'equal', value: 'sent' } },
    },
    {
      features: { timeline: true, tags: true },
      ownership: { owner: 'owner_id' },
      relations: {
        group: to('groups', 'detach', { inverse: 'orders' }),
        owner: to('users', 'restrict', { field: 'owner_id', required: true }),
        main_line: to('lines', 'detach', { field: 'main_line_id' }),
      },
      validationRules: [
        {
          name: 'total_not_negative',
          on: ['create', 'update'],
          errorWhen: { fact: 'total', operator: 'lessThan', value: '0' },
          field: 'total',
          message: { en: 'The total is negative.', ar: 'المجموع سالب.' },
        },
        {
          name: 'not_from_nowhere',
          on: ['create', 'update'],
          errorWhen: { fact: 'bill_to.city', operator: 'equal', value: 'Nowhere' },
          field: 'bill_to',
          message: { en: 'There is no such place.' },
        },
        {
          name: 'low_group',
          on: ['create'],
          errorWhen: { fact: 'group.level', operator: 'lessThan', value: 3 },
          message: { en: 'The group is too low.' },
        },
        {
          name: 'never_down',
          on: ['update'],
          errorWhen: { fact: 'total', operator: 'lessThan', value: { fact: 'previous.total' } },
          field: 'total',
          message: { en: 'The total never falls.' },
        },
        {
          name: 'group_climbs',
          on: ['update'],
          errorWhen: { fact: 'group.level', operator: 'lessThan', value: { fact: 'previous.group.level' } },
          message: { en: 'Groups only climb.' },
        },
        {
          name: 'sent_with_lines',
          on: ['create', 'update'],
          errorWhen: {
            all: [
              { fact: 'state', operator: 'equal', value: 'sent' },
              { not: { some: { relation: 'lines', where: { fact: 'amount', operator: 'greaterThan', value: 0 } } } },
            ],
          },
          message: { en: 'Nothing to send.' },
        },
      ],
    },
  ),
  entity(
    'lines',
    'line',
    { name, amount: { type: 'integer', default: 1 } },
    {
      features: { tags: true },
      relations: {
        order: to('orders', 'cascade', { required: true, inverse: 'lines' }),
        checker: to('users', 'restrict', { field: 'checker_id' }),
        group: to('groups', 'detach'),
      },
    },
  ),
  // What the conditions on fields ask: a kind of job has its own phases and its own questions.
  entity(
    'jobs',
    'job',
    {
      name,
      kind: { type: 'select', options: options('repair', 'rental'), default: 'repair' },
      phase: {
        type: 'select',
        options: options('asked', 'mended', 'lent', 'back'),
        required: true,
        default: 'asked',
        optionsWhen: [
          { when: { fact: 'kind', operator: 'equal', value: 'repair' }, options: ['asked', 'mended'] },
          { when: { fact: 'group.level', operator: 'greaterThan', value: 5 }, options: ['lent'] },
          { when: { fact: 'kind', operator: 'equal', value: 'rental' }, options: ['lent', 'back'] },
        ],
      },
      extras: {
        type: 'multiSelect',
        options: options('box', 'bag', 'seat'),
        optionsWhen: [{ when: { fact: 'kind', operator: 'equal', value: 'repair' }, options: ['box', 'bag'] }],
      },
      deposit: { type: 'money', visibleWhen: { fact: 'kind', operator: 'equal', value: 'rental' } },
      days: { type: 'decimal', default: '1', visibleWhen: { fact: 'kind', operator: 'equal', value: 'rental' } },
      fault: {
        type: 'text',
        visibleWhen: { fact: 'kind', operator: 'equal', value: 'repair' },
        requiredWhen: { fact: 'name', operator: 'contains', value: 'broken' },
      },
    },
    { relations: { group: to('groups', 'detach') } },
  ),
  entity('parts', 'part', { name }, { relations: { line: to('lines', 'cascade', { required: true, inverse: 'parts' }) } }),
  entity(
    'payments',
    'payment',
    { name, slip: { type: 'autoNumber', format: 'P{0}', start: 100 } },
    { relations: { order: to('orders', 'restrict', { inverse: 'payments' }) } },
  ),
  entity('memos', 'memo', { name }, { relations: { order: to('orders', 'detach', { inverse: 'memos' }) } }),
  entity('guarded', 'guarded_one', { name }, { features: { requireIfMatch: true } }),
  entity(
    'notes',
    'note',
    { name },
    {
      audit: { exclude: ['name'] },
      relations: {
        about: {
          kind: 'belongsToAny',
          entities: ['orders', 'samples'],
          typeField: 'about_type',
          idField: 'about_id',
          inverse: 'notes',
          onDelete: 'detach',
        },
      },
    },
  ),
];

let compiled: Registry | undefined;

export function workshopRegistry(): Registry {
  compiled ??= compileRegistry(workshopSource(), fieldTypes);
  return compiled;
}

/** The workshop while a change of its metadata is under way, or after one. */
export const changedWorkshop = (options: CompileOptions, change: (source: MetadataSource) => MetadataSource = (same) => same) =>
  compileRegistry(change(workshopSource()), fieldTypes, options);

function workshopSource(): MetadataSource {
  const platform = (kind: string): never[] => {
    const folder = join(packageRoot(), 'server/platform', kind);
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as never);
  };
  return {
    app: {
      id: 'app_workshop',
      name: 'workshop',
      label,
      prefix: 'ws_',
      schema: 'workshop',
      basePath: '/workshop/v1',
      flagPrefix: 'ws_feature_',
      telemetryNamespace: 'workshop',
      baseCurrency: 'EUR',
      defaultRegion: 'DE',
      languages: ['en', 'ar'],
      navigation: [],
    },
    entities: [...platform('entities'), ...entities],
    optionSets: platform('option-sets'),
    roles: platform('roles'),
    layouts: [],
    views: [],
    dashboards: [],
    workflows: [],
    importMappings: [],
  };
}
