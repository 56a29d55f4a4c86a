// People who asked and may become customers, with the score that the scoring rules give.
import type { Account } from './accounts.ts';
import { type Day, workTime } from './calendar.ts';
import { campaignFor } from './campaigns.ts';
import { money } from './money.ts';
import { companyOf, personOf, sellerOf, titles } from './people.ts';
import type { Random } from './random.ts';
import { type Made, made, type Values, type World } from './world.ts';

const sources = [
  ['web_form', 30],
  ['demo_form', 16],
  ['campaign', 18],
  ['event', 12],
  ['referral', 8],
  ['partner', 6],
  ['social', 6],
  ['cold_call', 4],
] as const;
const coreMarkets = ['US', 'GB', 'DE', 'AE', 'SA'];

/** As the workflow lead_scoring counts. */
function scoreOf(source: string, size: number, country: string): { readonly score: number; readonly reasons: readonly string[] } {
  const rules: readonly (readonly [boolean, number, string])[] = [
    [size >= 500, 40, '500 employees or more'],
    [size >= 50 && size < 500, 20, '50 to 499 employees'],
    [['demo_form', 'referral'].includes(source), 30, 'asked for a demo or was referred'],
    [['event', 'campaign', 'partner', 'web_form'].includes(source), 10, 'came through marketing'],
    [coreMarkets.includes(country), 10, 'in a core market'],
  ];
  const met = rules.filter(([holds]) => holds);
  return { score: met.reduce((sum, [, points]) => sum + points, 0), reasons: met.map(([, , reason]) => reason) };
}

/** A lead that is none of the accounts yet. */
export function leadOf(world: World, random: Random, group: number): readonly Made[] {
  const culture = world.culture(random);
  const day = world.start + Math.floor(random.next() ** 0.75 * (world.today - world.start - 1));
  const { name, domain } = companyOf(world, random, culture, group + 5_000_000);
  const age = world.today - day;
  const status = random.weighted(
    age < 14
      ? ([
          ['new', 55],
          ['working', 45],
        ] as const)
      : age < 60
        ? ([
            ['working', 45],
            ['nurturing', 25],
            ['qualified', 15],
            ['unqualified', 15],
          ] as const)
        : ([
            ['unqualified', 55],
            ['nurturing', 33],
            ['qualified', 12],
          ] as const),
  );
  return lead(world, random, { group, key: 0, day, company: name, domain, culture, status, more: {} });
}

/** The lead that an account came from. */
export function convertedLeadOf(world: World, random: Random, account: Account): readonly Made[] {
  if (account.group % 4 !== 0) return [];
  const day = Math.max(world.start, account.made - random.int(5, 45));
  const [contact] = account.contacts;
  const more = {
    converted_at: workTime(random, account.made),
    converted_account_id: account.id,
    ...(contact === undefined ? {} : { converted_contact_id: contact.id }),
  };
  const { group, name: company, domain, culture } = account;
  return lead(world, random, { group, key: 'converted', day, company, domain, culture, status: 'converted', more });
}

interface LeadInput {
  readonly group: number;
  readonly key: string | number;
  readonly day: Day;
  readonly company: string;
  readonly domain: string;
  readonly culture: Account['culture'];
  readonly status: string;
  readonly more: Values;
}

function lead(
  world: World,
  random: Random,
  { group, key, day, company, domain, culture, status, more }: LeadInput,
): readonly Made[] {
  const person = personOf(random, culture);
  const source = random.weighted(sources);
  const size = Math.round(8 * 10 ** (random.next() * 2.2));
  const { score, reasons } = scoreOf(source, size, culture.country);
  const ownership = sellerOf(world, random, culture);
  const campaign = source === 'campaign' || source === 'event' ? campaignFor(world, day) : undefined;
  const isTouched = status !== 'new';
  const id = world.id('leads', group, key);
  const record = made(
    world,
    'leads',
    { group, key, day, random, by: ownership.owner_id },
    {
      first_name: person.first,
      last_name: person.last,
      company,
      job_title: random.pick(titles)[0],
      email: `${person.mailbox}@${domain}`,
      phone: culture.mobile(random),
      website: `https://www.${domain}`,
      country: culture.country,
      city: random.pick(culture.cities),
      status,
      ...(status === 'unqualified'
        ? { unqualified_reason: random.pick(['no_budget', 'no_need', 'bad_timing', 'unreachable', 'no_authority']) }
        : {}),
      source,
      ...(campaign === undefined
        ? {}
        : { campaign_id: campaign.id, utm_source: 'newsletter', utm_medium: 'email', utm_campaign: campaign.slug }),
      rating: score >= 60 ? 'hot' : score >= 30 ? 'warm' : 'cold',
      industry: random.pick(['hospitality', 'food', 'healthcare', 'manufacturing', 'agriculture', 'real_estate']),
      company_size: size,
      ...money('budget', random.int(4, 120) * 1_000_00, culture.currency),
      purchase_timeframe: random.pick(['now', 'this_quarter', 'half_year', 'this_year', 'later', 'unknown']),
      product_interest: random.pick(['Reverse osmosis', 'Pumps', 'Monitoring', 'Care contract', 'Softening']),
      language: culture.language,
      score,
      score_reasons: reasons,
      contact_due_at: workTime(random, day + 1),
      ...(isTouched ? { first_contacted_at: workTime(random, Math.min(world.today - 1, day + random.int(0, 3))) } : {}),
      ...(status === 'qualified' || status === 'converted'
        ? { qualified_at: workTime(random, Math.min(world.today - 1, day + random.int(2, 14))) }
        : {}),
      ...(random.chance(0.55) ? { consent_at: workTime(random, day) } : {}),
      ...more,
      ...ownership,
    },
  );
  if (campaign === undefined) return [record];
  const member = made(
    world,
    'campaign_members',
    { group, key: `l${key}`, day: Math.max(day, campaign.start), random },
    {
      campaign_id: campaign.id,
      lead_id: id,
      status: random.pick(['responded', 'registered', 'attended', 'clicked']),
      responded_at: workTime(random, day),
    },
  );
  return [record, member];
}
