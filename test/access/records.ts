// Valid records of every entity: what each needs to exist, to what it hangs, and a harmless change.
import { entityFile } from './metadata.ts';
import type { Facts } from './oracle.ts';

/** A record that is there. */
export interface Seed extends Facts {
  readonly id: string;
  deleted: boolean;
  readonly kind: string;
  readonly externalId?: string | undefined;
  /** How many records refer to it: it is not purged before they are. */
  references: number;
  /** To what it hangs, for reading it as a related record. */
  readonly hub?: Seed | undefined;
}

export interface Hubs {
  /** Always the same record of an entity, of a colleague. */
  hub(entity: string): Promise<Seed>;
  /** A new one each time. */
  fresh(entity: string): Promise<Seed>;
}

let made = 0;
/** A name that nothing else has. */
export const unique = (): string => {
  made += 1;
  return `n${made}`;
};

/** Relations that a record cannot do without, and the one by which it hangs to a hub: field, entity, inverse there. */
export const links: Readonly<Record<string, readonly (readonly [field: string, entity: string, inverse: string])[]>> = {
  accounts: [['parent_id', 'accounts', 'subsidiaries']],
  activities: [['contact_id', 'contacts', 'contact_activities']],
  activity_participants: [['contact_id', 'contacts', 'participations']],
  approval_decisions: [['request_id', 'approval_requests', 'decisions']],
  approval_requests: [['requester_id', 'users', 'approval_requests_made']],
  article_categories: [['parent_id', 'article_categories', 'subcategories']],
  articles: [['category_id', 'article_categories', 'articles']],
  campaign_members: [['campaign_id', 'campaigns', 'members']],
  campaigns: [['parent_id', 'campaigns', 'child_campaigns']],
  contacts: [['account_id', 'accounts', 'contacts']],
  feature_flag_targets: [['user_id', 'users', 'feature_flag_targets']],
  holidays: [['business_hours_id', 'business_hours', 'holidays']],
  invoice_lines: [['product_id', 'products', 'invoice_lines']],
  invoices: [['account_id', 'accounts', 'invoices']],
  journey_enrolments: [['contact_id', 'contacts', 'journey_enrolments']],
  journeys: [['campaign_id', 'campaigns', 'journeys']],
  leads: [['campaign_id', 'campaigns', 'leads']],
  opportunities: [['account_id', 'accounts', 'opportunities']],
  opportunity_contacts: [['contact_id', 'contacts', 'opportunity_roles']],
  opportunity_lines: [['product_id', 'products', 'opportunity_lines']],
  payments: [['account_id', 'accounts', 'payments']],
  pricebook: [['product_id', 'products', 'prices']],
  product_categories: [['parent_id', 'product_categories', 'subcategories']],
  products: [['category_id', 'product_categories', 'products']],
  quote_lines: [['product_id', 'products', 'quote_lines']],
  quotes: [['account_id', 'accounts', 'quotes']],
  shares: [['user_id', 'users', 'shared_records']],
  sla_policies: [['business_hours_id', 'business_hours', 'sla_policies']],
  subscriptions: [['account_id', 'accounts', 'subscriptions']],
  tag_links: [['tag_id', 'tags', 'tag_links']],
  team_members: [['team_id', 'teams', 'memberships']],
  teams: [['parent_id', 'teams', 'child_teams']],
  tickets: [['account_id', 'accounts', 'tickets']],
  users: [['manager_id', 'users', 'reports']],
  webhook_deliveries: [['webhook_id', 'webhooks', 'deliveries']],
};

/** Links that a record has once: another to it refers to something new. */
export const once: Readonly<Record<string, readonly [field: string, entity: string]>> = {
  feature_flag_targets: ['user_id', 'users'],
  tag_links: ['tag_id', 'tags'],
};

/** Links without which there is no record. */
const needed = new Set([
  ...[
    'activity_participants',
    'approval_decisions',
    'campaign_members',
    'feature_flag_targets',
    'invoices',
    'journey_enrolments',
    'opportunity_contacts',
    'payments',
    'pricebook',
    'shares',
    'subscriptions',
    'tag_links',
    'team_members',
    'webhook_deliveries',
  ],
]);

/** Beside them, references that must differ from record to record, or have no inverse of interest. */
const others: Readonly<Record<string, readonly (readonly [field: string, entity: string, each: boolean])[]>> = {
  campaign_members: [['contact_id', 'contacts', true]],
  payments: [['invoice_id', 'invoices', false]],
  pricebook: [['price_book_id', 'price_books', false]],
  team_members: [['user_id', 'users', true]],
};

/** Whatever belongs to another record belongs to one of these. */
export const parentOf: Readonly<Record<string, readonly [entity: string, field: string, type?: string]>> = {
  activity_participants: ['activities', 'activity_id'],
  approval_requests: ['activities', 'record_id', 'record_type'],
  attachments: ['activities', 'record_id', 'record_type'],
  auditlog: ['activities', 'record_id', 'record_type'],
  comments: ['activities', 'record_id', 'record_type'],
  feature_flag_targets: ['feature_flags', 'flag_id'],
  invoice_lines: ['invoices', 'invoice_id'],
  journey_enrolments: ['journeys', 'journey_id'],
  journey_steps: ['journeys', 'journey_id'],
  opportunity_contacts: ['opportunities', 'opportunity_id'],
  opportunity_lines: ['opportunities', 'opportunity_id'],
  quote_lines: ['quotes', 'quote_id'],
  shares: ['activities', 'record_id', 'record_type'],
  tag_links: ['activities', 'record_id', 'record_type'],
  timeline: ['activities', 'parent_id', 'parent_type'],
};

/** A day that no other record has. */
const dayOf = (count: number): string => new Date(Date.UTC(2000, 0, count)).toISOString().slice(0, 10);

/** Required values that no canary stands in. */
export function plainValues(entity: string, full: boolean): Record<string, unknown> {
  const name = unique();
  const names: Record<string, readonly string[]> = {
    contacts: ['last_name'],
    leads: ['last_name', 'company'],
    users: ['first_name', 'last_name'],
    activities: ['subject'],
    tickets: ['subject'],
    imports: ['file_name'],
    exports: ['file_name'],
    articles: ['title'],
    notifications: ['title'],
    comments: ['body'],
    approval_requests: ['subject'],
  };
  const named = names[entity] ?? (entityFile(entity).fields['name'] === undefined ? [] : ['name']);
  const special: Record<string, object> = {
    // The price stands above whatever number the floor has.
    pricebook: { unit_price: '9000000000' },
    exchange_rates: { from_currency: 'EUR', to_currency: 'USD', rate: '1.1', valid_from: dayOf(made) },
    holidays: { on_date: '2030-01-01' },
    journey_steps: { kind: 'exit' },
    attachments: full ? {} : { url: `https://example.com/${name}` },
    payments: full ? {} : { amount: '5' },
    saved_views: { entity: 'leads' },
    webhooks: { entity: 'leads', ...(full ? {} : { url: `https://example.com/${name}` }) },
    webhook_deliveries: { event_id: name },
    users: full ? {} : { email: `${name}@example.com` },
    imports: { entity: 'leads', mapping: { name } },
    exports: { entity: 'leads', format: 'csv' },
    custom_fields: { entity: 'gadgets', type: 'text', label: { en: name } },
    workflows: { entity: 'leads', definition: { name } },
  };
  return { ...(full ? {} : Object.fromEntries(named.map((field) => [field, name]))), ...special[entity] };
}

/** What the record refers to. @param full also what it could do without */
export async function linksOf(hubs: Hubs, entity: string, full: boolean): Promise<readonly (readonly [string, Seed])[]> {
  const found: [string, Seed][] = [];
  if (full || needed.has(entity)) {
    for (const [field, target] of links[entity] ?? [])
      found.push([field, entity in once && !full ? await hubs.fresh(target) : await hubs.hub(target)]);
  }
  for (const [field, target, each] of others[entity] ?? [])
    found.push([field, await (each ? hubs.fresh(target) : hubs.hub(target))]);
  return found;
}

/** A change that is no change of whose the record is. */
export function patchOf(entity: string): Record<string, unknown> {
  const special: Record<string, object> = {
    activity_participants: { response: 'accepted' },
    approval_decisions: { position: 3 },
    articles: { keywords: 'Changed' },
    business_hours: { is_default: true },
    comments: { pinned: true },
    exchange_rates: { origin: 'Changed' },
    holidays: { every_year: true },
    journey_enrolments: { goal_reached: true },
    journey_steps: { position: 4 },
    notifications: { read_at: '2020-01-01T00:00:00Z' },
    pricebook: { min_quantity: '3' },
    saved_views: { position: 3 },
    webhooks: { active: false },
    webhook_deliveries: {},
    tag_links: { source: 'api' },
    team_members: { since: '2020-01-01' },
    users: { job_title: 'Changed' },
    // To carry a change of these through is to change the metadata, which other tests do.
    custom_fields: {},
    workflows: {},
  };
  const field = ['notes', 'description', 'reason', 'goal'].find((name) => entityFile(entity).fields[name] !== undefined);
  return { ...(special[entity] ?? (field === undefined ? {} : { [field]: 'Changed' })) };
}
