// What follows from a deal that was won: subscriptions with their periods and invoices; and deals to renew.
import { addMonths, type Day, dateText, workDay } from './calendar.ts';
import type { Deal, Line } from './deals.ts';
import { invoiceOf } from './invoices.ts';
import { money } from './money.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

const monthsOf = { monthly: 1, quarterly: 3, semiannual: 6, yearly: 12 } as const;
const cancellations = ['price', 'not_used', 'missing_feature', 'service', 'competitor', 'closed_business'];

export function billingOf(world: World, random: Random, deal: Deal): readonly Made[] {
  if (deal.outcome !== 'won') return [];
  const goods = deal.lines.filter(({ product }) => product.billing === undefined);
  const delivered =
    goods.length === 0
      ? []
      : invoiceOf(world, random, deal, { key: `${deal.key}`, day: workDay(deal.closes + random.int(3, 12)), lines: goods });
  const subscriptions = deal.lines
    .filter(({ product }) => product.billing !== undefined)
    .flatMap((line, at) => subscriptionOf(world, random, deal, line, `${deal.key}-${at}`));
  return [...delivered, ...subscriptions];
}

function subscriptionOf(world: World, random: Random, deal: Deal, line: Line, key: string): readonly Made[] {
  const { account } = deal;
  const { group, culture, ownership } = account;
  const { currency } = culture;
  const period = line.product.billing ?? 'monthly';
  const step = monthsOf[period];
  const start = workDay(deal.closes + random.int(5, 25));
  const term = 12;
  const firstEnd = addMonths(start, term) - 1;
  const isOver = account.churned || random.chance(0.12);
  const cancelled =
    isOver && start < world.today - 60 ? start + random.int(45, Math.max(46, world.today - start - 5)) : undefined;
  const renewals = cancelled === undefined && firstEnd < world.today ? Math.ceil((world.today - firstEnd) / 365) : 0;
  const end = addMonths(start, term * (renewals + 1)) - 1;
  const price = Math.round((line.price * (100 - line.discount)) / 100);
  const perPeriod = Math.round((line.quantity * line.price * (100 - line.discount)) / 100);
  const mrr = Math.round(perPeriod / step);
  const paidUntil = cancelled ?? world.today;
  const periods: Day[] = [];
  for (let at = 0; addMonths(start, at * step) < paidUntil && periods.length < 24; at++)
    periods.push(addMonths(start, at * step));
  const current = periods[periods.length - 1] ?? start;
  const id = world.id('subscriptions', group, key);
  const late = cancelled === undefined && random.chance(0.06);
  const status =
    cancelled !== undefined
      ? 'cancelled'
      : start > world.today
        ? 'trial'
        : late
          ? 'past_due'
          : random.chance(0.03)
            ? 'paused'
            : 'active';
  const nearEnd = end - world.today < 120;
  const record = made(
    world,
    'subscriptions',
    { group, key, day: deal.closes, random, by: ownership.owner_id },
    {
      name: line.product.name,
      status,
      billing_period: period,
      start_date: dateText(start),
      end_date: dateText(end),
      term_months: term,
      current_period_start: dateText(current),
      current_period_end: dateText(addMonths(current, step) - 1),
      ...(status === 'cancelled' ? {} : { next_billing_date: dateText(addMonths(current, step)) }),
      quantity: String(line.quantity),
      ...money('unit_price', price, currency),
      discount: '0',
      payment_method: random.pick(['bank_transfer', 'card', 'direct_debit']),
      failed_payments: status === 'past_due' ? random.int(1, 3) : 0,
      auto_renew: random.chance(0.8),
      renewal_status:
        cancelled !== undefined
          ? 'lost'
          : renewals > 0 && !nearEnd
            ? 'renewed'
            : nearEnd
              ? random.weighted([
                  ['likely', 60],
                  ['open', 25],
                  ['at_risk', 15],
                ] as const)
              : 'open',
      ...(status === 'trial' ? { trial_ends_on: dateText(start + 14) } : {}),
      ...(status === 'paused' ? { paused_until: dateText(world.today + random.int(10, 60)) } : {}),
      ...(cancelled === undefined
        ? {}
        : {
            cancelled_on: dateText(cancelled),
            cancellation_reason: random.pick(cancellations),
          }),
      account_id: account.id,
      ...(deal.contactId === undefined ? {} : { contact_id: deal.contactId }),
      product_id: line.product.id,
      opportunity_id: deal.id,
      price_book_id: world.ref(culture.priceBook),
      ...ownership,
    },
  );
  const invoices = periods.flatMap((day, at) =>
    invoiceOf(world, random, deal, {
      key: `${key}-${at}`,
      day,
      lines: [{ ...line, total: perPeriod }],
      subscriptionId: id,
      until: addMonths(day, step) - 1,
      isLate: late && at === periods.length - 1,
    }),
  );
  return [
    record,
    ...invoices,
    ...(nearEnd && cancelled === undefined ? renewalOf(world, random, { deal, line, key, id, end, yearly: mrr * 12 }) : []),
  ];
}

interface RenewalInput {
  readonly deal: Deal;
  readonly line: Line;
  readonly key: string;
  readonly id: string;
  readonly end: Day;
  readonly yearly: number;
}

function renewalOf(world: World, random: Random, { deal, line, key, id, end, yearly }: RenewalInput): readonly Made[] {
  const { account } = deal;
  const { group, culture, ownership } = account;
  const stage = random.weighted([
    ['renewal_review', 45],
    ['renewal_offer', 30],
    ['negotiation', 15],
    ['commitment', 10],
  ] as const);
  const probability = { renewal_review: 60, renewal_offer: 75, negotiation: 80, commitment: 95 }[stage];
  return [
    made(
      world,
      'opportunities',
      { group, key: `renewal-${key}`, day: world.today - random.int(2, 40), random, by: ownership.owner_id },
      {
        name: `${account.name} – ${line.product.name}`,
        record_type: 'renewal',
        stage,
        type: 'renewal',
        probability: String(probability),
        forecast_category: stage === 'commitment' ? 'commit' : 'best_case',
        ...money('amount', yearly, culture.currency),
        close_date: dateText(Math.max(end, world.today + 2)),
        account_id: account.id,
        ...(deal.contactId === undefined ? {} : { primary_contact_id: deal.contactId }),
        renews_id: id,
        price_book_id: world.ref(culture.priceBook),
        ...ownership,
      },
    ),
  ];
}
