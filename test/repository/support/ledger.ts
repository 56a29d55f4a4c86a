// A small application of sums: customers, their orders and lines, badges that many of them have, remarks on anything.
import type { MetadataDocument } from '../../../server/metadata/document.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import type { EntityMetadata, MetadataSource } from '../../../server/metadata/types.ts';
import { changedWorkshop, entity } from './workshop.ts';

const name = { type: 'text', maxLength: 300 };
const equal = (fact: string, value: unknown) => ({ fact, operator: 'equal', value });
const sum = (relation: string, field: string, more: object = {}) => ({
  type: 'rollup',
  relation,
  function: 'sum',
  field,
  returns: 'decimal',
  ...more,
});

export const ledgerEntities: readonly EntityMetadata[] = [
  entity(
    'customers',
    'customer',
    {
      name,
      orders_count: { type: 'rollup', relation: 'orders', function: 'count' },
      open_count: { type: 'rollup', relation: 'orders', function: 'count', filter: equal('state', 'open') as never },
      turnover: sum('orders', 'total', { filter: equal('state', 'paid') }),
      average: { type: 'rollup', relation: 'orders', function: 'avg', field: 'total', returns: 'decimal', scale: 4 },
      first_due: { type: 'rollup', relation: 'orders', function: 'min', field: 'due', returns: 'date' },
      last_due: { type: 'rollup', relation: 'orders', function: 'max', field: 'due', returns: 'date' },
      billed: { type: 'rollup', relation: 'orders', function: 'sum', field: 'fee', returns: 'money' },
      points: sum('badges', 'points'),
      badges_count: { type: 'rollup', relation: 'badges', function: 'count' },
      remarks_count: { type: 'rollup', relation: 'remarks', function: 'count', filter: equal('loud', true) as never },
      rank: { type: 'formula', returns: 'text', expression: 'turnover > 1000 ? "gold" : orders_count > 0 ? "blue" : "none"' },
    },
    {
      operations: ['create', 'read', 'update', 'delete', 'restore', 'purge', 'merge'],
      relations: {
        badges: {
          kind: 'manyToMany',
          entity: 'badges',
          through: 'wearings',
          from: 'customer',
          to: 'badge',
          inverse: 'customers',
        },
      },
    },
  ),
  entity(
    'orders',
    'order',
    {
      name,
      number: { type: 'autoNumber', format: 'O-{0000}' },
      state: { type: 'select', options: ['open', 'paid'].map((value) => ({ value, label: { en: value } })), default: 'open' },
      due: { type: 'date' },
      discount: { type: 'percent' },
      lines_total: sum('lines', 'total'),
      total: { type: 'formula', returns: 'decimal', expression: 'ROUND(lines_total * (100 - COALESCE(discount, 0)) / 100, 4)' },
      title: { type: 'formula', returns: 'text', expression: 'number + ": " + name', maxLength: 20 },
      fee: { type: 'money', converted: true, rateDate: 'due' },
    },
    {
      display: { nameFields: ['title'] },
      relations: { customer: { entity: 'customers', field: 'customer_id', inverse: 'orders', onDelete: 'detach' } },
      validationRules: [
        {
          name: 'not_too_dear',
          on: ['create', 'update'],
          errorWhen: { fact: 'total', operator: 'greaterThan', value: '1000000' },
          message: { en: 'Too dear.' },
        },
      ],
    },
  ),
  entity(
    'lines',
    'line',
    {
      name,
      quantity: { type: 'integer', default: 1 },
      price: { type: 'decimal' },
      total: { type: 'formula', returns: 'decimal', expression: 'quantity * price' },
    },
    {
      relations: { order: { entity: 'orders', field: 'order_id', inverse: 'lines', onDelete: 'cascade' } },
      validationRules: [
        {
          name: 'not_below_zero',
          on: ['create', 'update'],
          errorWhen: { fact: 'total', operator: 'lessThan', value: 0 },
          field: 'price',
          message: { en: 'Below zero.' },
        },
      ],
    },
  ),
  entity('badges', 'badge', { name, points: { type: 'decimal' } }),
  entity(
    'wearings',
    'wearing',
    { name },
    {
      relations: {
        customer: { entity: 'customers', field: 'customer_id', onDelete: 'cascade' },
        badge: { entity: 'badges', field: 'badge_id', onDelete: 'cascade' },
      },
    },
  ),
  entity(
    'remarks',
    'remark',
    { name, loud: { type: 'boolean' } },
    {
      relations: {
        about: {
          kind: 'belongsToAny',
          entities: ['customers', 'orders'],
          typeField: 'about_type',
          idField: 'about_id',
          inverse: 'remarks',
          onDelete: 'detach',
        },
      },
    },
  ),
];

const rates = entity(
  'exchange_rates',
  'exchange_rate',
  {
    from_currency: { type: 'currency' },
    to_currency: { type: 'currency' },
    rate: { type: 'decimal', precision: 24, scale: 12 },
    valid_from: { type: 'date' },
  },
  { display: { nameFields: ['from_currency'] } },
);

let compiled: Registry | undefined;

export function ledgerRegistry(): Registry {
  compiled ??= changedLedger();
  return compiled;
}

/** The ledger after a change of its metadata, with its documents: a version can be made of it. */
export function changedLedger(
  change: (entities: readonly EntityMetadata[]) => readonly EntityMetadata[] = (same) => same,
): Registry {
  const documents: MetadataDocument[] = [];
  return changedWorkshop({ documents }, (source) => {
    const own = new Set(ledgerEntities.map(({ id }) => id));
    const platform = source.entities.filter(({ id }) => !workshopOnly.has(id) && !own.has(id));
    const withRates = platform.some(({ name: one }) => one === 'exchange_rates') ? platform : [...platform, rates];
    const app = { ...source.app, id: 'app_ledger', name: 'ledger' };
    const whole: MetadataSource = { ...source, app, entities: [...withRates, ...change(ledgerEntities)] };
    documents.push(...documentsOf(whole));
    return whole;
  });
}

const documentsOf = (source: MetadataSource): readonly MetadataDocument[] =>
  Object.entries(source).flatMap(([kind, objects]) =>
    [objects].flat().map((content: { readonly id: string }) => ({
      layer: 'application' as const,
      kind: kind as keyof MetadataSource,
      file: `${kind}/${content.id}`,
      content: content as never,
    })),
  );

const workshopOnly: ReadonlySet<string> = new Set(
  ['regions', 'groups', 'samples', 'friendships', 'orders', 'lines', 'parts', 'payments', 'memos', 'guarded', 'notes'].map(
    (one) => `ent_${one}`,
  ),
);
