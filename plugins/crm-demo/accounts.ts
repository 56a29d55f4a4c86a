// One company with its people.
import { type Day, dateText } from './calendar.ts';
import type { Culture } from './culture.ts';
import { money } from './money.ts';
import { companyOf, type Ownership, personOf, sellerOf, titles } from './people.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

export interface Contact {
  readonly id: string;
  readonly role: string;
}

export interface Account {
  readonly group: number;
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly culture: Culture;
  readonly ownership: Ownership;
  readonly made: Day;
  readonly type: 'customer' | 'prospect' | 'partner';
  readonly churned: boolean;
  /** How much it buys, 1 for a usual one. */
  readonly weight: number;
  readonly contacts: readonly Contact[];
  readonly records: readonly Made[];
}

const industries = [
  'hospitality',
  'food',
  'healthcare',
  'manufacturing',
  'pharma',
  'agriculture',
  'real_estate',
  'education',
  'energy',
  'retail',
];
const sources = ['referral', 'event', 'web_form', 'campaign', 'partner', 'cold_call', 'demo_form'];

export function accountOf(world: World, random: Random, group: number): Account {
  const culture = world.culture(random);
  const { name, domain } = companyOf(world, random, culture, group);
  const type = random.weighted([
    ['customer', 58],
    ['prospect', 34],
    ['partner', 8],
  ] as const);
  const churned = type === 'customer' && random.chance(0.08);
  const day = world.start + Math.floor(random.next() ** 1.4 * (world.today - world.start - 20));
  const employees = Math.round(10 * 10 ** (random.next() * 2.6));
  const weight = Math.min(4, 0.6 + employees / 900);
  const ownership = sellerOf(world, random, culture);
  const id = world.id('accounts', group);
  const city = random.pick(culture.cities);
  const address = {
    street: `${random.pick(culture.streets)} ${random.int(1, 180)}`,
    city,
    postal_code: culture.postalCode(random),
    country: culture.country,
  };
  const contacts = Array.from(
    {
      length: random.weighted([
        [1, 20],
        [2, 28],
        [3, 24],
        [4, 16],
        [6, 12],
      ] as const),
    },
    (_, key) => contactOf(world, random, { group, key, culture, domain, ownership, day, type, accountId: id }),
  );
  const left = churned ? Math.min(world.today - 1, day + random.int(120, 400)) : undefined;
  const values = {
    name,
    type,
    status: churned
      ? 'churned'
      : type === 'customer'
        ? random.weighted([
            ['active', 80],
            ['at_risk', 12],
            ['onboarding', 8],
          ] as const)
        : 'active',
    industry: random.pick(industries),
    rating: random.weighted([
      ['hot', 20],
      ['warm', 50],
      ['cold', 30],
    ] as const),
    tier: weight > 2.5 ? 'strategic' : weight > 1.4 ? 'key' : employees > 60 ? 'standard' : 'small',
    region: culture.region,
    ownership: random.weighted([
      ['private', 70],
      ['family', 15],
      ['public', 10],
      ['government', 5],
    ] as const),
    website: `https://www.${domain}`,
    email: `office@${domain}`,
    invoice_email: `invoices@${domain}`,
    phone: culture.mobile(random),
    employees,
    ...money('annual_revenue', employees * random.int(60_000, 260_000) * 100, culture.currency),
    currency: culture.currency,
    language: culture.language,
    billing_address: address,
    shipping_address: address,
    source: random.pick(sources),
    ...money('credit_limit', random.int(5, 80) * 1_000_00, culture.currency),
    health: churned
      ? 1
      : random.weighted([
          [5, 25],
          [4, 40],
          [3, 22],
          [2, 13],
        ] as const),
    churn_risk: String(churned ? 100 : random.int(1, 60)),
    ...(type === 'customer' ? { customer_since: dateText(day) } : {}),
    ...(left === undefined
      ? {}
      : { churned_on: dateText(left), churn_reason: 'The site was sold; the new owner has a supplier of its own.' }),
    ...(churned ? {} : { next_review_on: dateText(world.today + random.int(-20, 150)) }),
    last_activity_at: made(world, 'accounts', { group, day: world.today - random.int(1, 60), random }, {}).at,
    ...(group > 10 && group % 10 === 0 ? { parent_id: world.id('accounts', group - random.int(1, 9)) } : {}),
    ...(contacts[0] === undefined ? {} : { primary_contact_id: contacts[0].contact.id }),
    price_book_id: world.ref(culture.priceBook),
    success_manager_id: world.ref('demo-user-priya'),
    ...ownership,
  };
  return {
    ...{ group, id, name, domain, culture, ownership, type, churned, weight },
    made: day,
    contacts: contacts.map(({ contact }) => contact),
    records: [
      made(world, 'accounts', { group, day, random, by: ownership.owner_id }, values),
      ...contacts.map(({ record }) => record),
    ],
  };
}

interface ContactInput {
  readonly group: number;
  readonly key: number;
  readonly culture: Culture;
  readonly domain: string;
  readonly ownership: Ownership;
  readonly day: Day;
  readonly type: Account['type'];
  readonly accountId: string;
}

function contactOf(world: World, random: Random, input: ContactInput): { readonly contact: Contact; readonly record: Made } {
  const { group, key, culture, domain, ownership, type } = input;
  const person = personOf(random, culture);
  const [title, seniority, role] = titles[(group + key) % titles.length] ?? titles[0];
  const day = Math.min(world.today - 1, input.day + random.int(0, 60));
  const id = world.id('contacts', group, key);
  const consents = random.chance(0.6);
  const values = {
    first_name: person.first,
    last_name: person.last,
    email: `${person.mailbox}${key === 0 ? '' : key}@${domain}`,
    email_status: random.weighted([
      ['valid', 88],
      ['unverified', 8],
      ['undeliverable', 4],
    ] as const),
    phone: culture.mobile(random),
    mobile: culture.mobile(random),
    job_title: title,
    department: ['Management', 'Procurement', 'Engineering', 'Operations'][key % 4],
    seniority,
    buying_role: role,
    lifecycle: type === 'customer' ? 'customer' : 'prospect',
    language: culture.language,
    time_zone: culture.timeZone,
    preferred_channel: random.pick(['email', 'phone', 'mobile', 'whatsapp']),
    ...(consents ? { consent_at: made(world, 'contacts', { group, day, random }, {}).at, consent_source: 'web_form' } : {}),
    mailing_address: { city: random.pick(culture.cities), country: culture.country },
    score: random.int(0, 100),
    account_id: input.accountId,
    ...(key > 0 ? { reports_to_id: world.id('contacts', group, 0) } : {}),
    ...ownership,
  };
  return { contact: { id, role }, record: made(world, 'contacts', { group, key, day, random, by: ownership.owner_id }, values) };
}
