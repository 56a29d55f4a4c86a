// What a company is offered: opportunities on their way through the stages, with lines, roles and quotes.
import type { Account } from './accounts.ts';
import { type Day, dateText, workDay, workTime } from './calendar.ts';
import { campaignFor } from './campaigns.ts';
import { amount, money } from './money.ts';
import { quotesOf } from './quotes.ts';
import type { Random } from './random.ts';
import { type Made, made, type Product, type World } from './world.ts';

export interface Line {
  readonly product: Product;
  readonly entryId: string;
  readonly quantity: number;
  /** Cents, before the discount. */
  readonly price: number;
  /** Percent points. */
  readonly discount: number;
  /** Cents, after the discount. */
  readonly total: number;
}

export interface Deal {
  readonly id: string;
  readonly account: Account;
  readonly key: number;
  readonly name: string;
  readonly made: Day;
  readonly closes: Day;
  readonly outcome: 'won' | 'lost' | 'open';
  readonly contactId: string | undefined;
  readonly lines: readonly Line[];
  readonly records: readonly Made[];
}

const openStages = [
  ['prospecting', 10, 'pipeline'],
  ['qualification', 20, 'pipeline'],
  ['needs_analysis', 35, 'pipeline'],
  ['proposal', 55, 'best_case'],
  ['negotiation', 75, 'commit'],
  ['commitment', 90, 'commit'],
] as const;

const topics = [
  'Cooling water',
  'Drinking water',
  'Process water',
  'Pool and spa',
  'Rinse water',
  'Boiler feed',
  'Waste water',
  'Second site',
];
const lossReasons = ['price', 'competitor', 'no_budget', 'no_decision', 'missing_feature', 'timing'];

export function dealsOf(world: World, random: Random, account: Account): readonly Deal[] {
  const usual = account.type === 'customer' ? 2.6 : account.type === 'prospect' ? 1.1 : 0.4;
  const count = Math.min(
    8,
    Math.floor(usual * account.weight * (0.4 + random.next() * 1.2) + (account.type === 'customer' ? 1 : 0.3)),
  );
  return Array.from({ length: count }, (_, key) => dealOf(world, random, account, key));
}

function dealOf(world: World, random: Random, account: Account, key: number): Deal {
  const { group, culture, ownership, contacts } = account;
  const room = Math.max(1, world.today - account.made - 3);
  // A customer's first deal is the one that made it one.
  const day = key === 0 && account.type === 'customer' ? account.made : account.made + Math.floor(random.next() * room);
  const cycle = random.int(20, 150);
  const isClosed = key === 0 && account.type === 'customer' ? true : day + cycle < world.today;
  const outcome = !isClosed ? 'open' : key === 0 && account.type === 'customer' ? 'won' : random.chance(0.44) ? 'won' : 'lost';
  const closes = workDay(
    isClosed ? Math.min(world.today - 1, day + cycle) : Math.max(world.today + 3, day + cycle + random.int(0, 40)),
  );
  const progress = Math.min(0.999, (world.today - day) / (closes - day + 1));
  const [stage, probability, forecast] =
    outcome === 'won'
      ? (['closed_won', 100, 'closed'] as const)
      : outcome === 'lost'
        ? (['closed_lost', 0, 'omitted'] as const)
        : (openStages[Math.floor(progress * openStages.length)] ?? openStages[0]);
  const lines = linesOf(world, random, account);
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  const id = world.id('opportunities', group, key);
  const [contact] = contacts;
  const name = `${account.name} – ${random.pick(topics)}`;
  const reason = random.pick(lossReasons);
  const source = random.pick(['referral', 'event', 'campaign', 'web_form', 'partner', 'demo_form']);
  const campaign = source === 'campaign' || source === 'event' ? campaignFor(world, day) : undefined;
  const closedAt = outcome === 'open' ? {} : { closed_at: workTime(random, Math.min(closes, world.today - 1)) };
  const record = made(
    world,
    'opportunities',
    { group, key, day, random, by: ownership.owner_id },
    {
      name,
      record_type: 'sale',
      stage,
      probability: String(probability),
      forecast_category: forecast,
      ...money('amount', total, culture.currency),
      close_date: dateText(closes),
      type: key === 0 ? 'new_business' : random.pick(['upsell', 'cross_sell', 'replacement']),
      source,
      ...(campaign === undefined ? {} : { campaign_id: campaign.id }),
      budget_confirmed: probability >= 55,
      pushed_count: random.weighted([
        [0, 70],
        [1, 20],
        [2, 10],
      ] as const),
      stage_changed_at: workTime(
        random,
        Math.min(world.today - 1, outcome === 'open' ? world.today - random.int(1, 30) : closes),
      ),
      ...closedAt,
      ...(outcome === 'lost' ? { loss_reason: reason } : {}),
      ...(outcome === 'won' ? { win_details: 'References nearby and a delivery date that we could keep.' } : {}),
      ...(outcome === 'open'
        ? {
            next_step: random.pick(['Send the quote', 'Visit the site', 'Call about the budget', 'Meet the engineers']),
            next_step_on: dateText(world.today + random.int(-3, 21)),
          }
        : {}),
      account_id: account.id,
      ...(contact === undefined ? {} : { primary_contact_id: contact.id }),
      price_book_id: world.ref(culture.priceBook),
      ...ownership,
    },
  );
  const roles = contacts.slice(0, 3).map(({ id: contactId, role }, at) =>
    made(
      world,
      'opportunity_contacts',
      { group, key: `${key}-${at}`, day, random },
      {
        opportunity_id: id,
        contact_id: contactId,
        role,
        is_primary: at === 0,
      },
    ),
  );
  const rows = lines.map((line, at) =>
    made(
      world,
      'opportunity_lines',
      { group, key: `${key}-${at}`, day, random },
      { opportunity_id: id, ...lineValues(line, at) },
    ),
  );
  const deal = { id, account, key, name, made: day, closes, outcome, contactId: contact?.id, lines } as const;
  const quotes = probability >= 55 || (outcome === 'lost' && random.chance(0.6)) ? quotesOf(world, random, deal) : [];
  return { ...deal, records: [record, ...roles, ...rows, ...quotes] };
}

function linesOf(world: World, random: Random, { culture, weight, type }: Account): readonly Line[] {
  const count = random.weighted([
    [1, 25],
    [2, 35],
    [3, 25],
    [4, 15],
  ] as const);
  const chosen = new Set<Product>();
  while (chosen.size < count) chosen.add(random.pick(world.products));
  return [...chosen].map((product) => {
    const entry = product.prices.get(culture.priceBook) ?? { id: '', cents: 10_000 };
    const few = product.type === 'goods' && entry.cents > 500_000;
    const quantity =
      product.type === 'subscription'
        ? random.int(1, Math.ceil(6 * weight))
        : few
          ? random.int(1, 3)
          : random.int(1, Math.ceil(14 * weight));
    const discount = random.weighted([
      [0, 50],
      [5, 22],
      [10, 18],
      [type === 'partner' ? 20 : 15, 10],
    ] as const);
    return {
      product,
      entryId: entry.id,
      quantity,
      price: entry.cents,
      discount,
      total: Math.round((quantity * entry.cents * (100 - discount)) / 100),
    };
  });
}

/** Amounts are in the currency of the document, which works their sums out. */
export const lineValues = (line: Line, at: number): Record<string, unknown> => ({
  position: at + 1,
  description: line.product.name,
  quantity: String(line.quantity),
  unit: line.product.unit,
  unit_price: amount(line.price),
  discount: String(line.discount),
  product_id: line.product.id,
});
