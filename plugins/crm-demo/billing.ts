// What follows from a deal that was won: subscriptions with their periods, invoices, payments; and deals to renew.
import type { Account } from './accounts.ts';
import { addMonths, type Day, dateText, workDay } from './calendar.ts';
import { type Deal, type Line, lineValues } from './deals.ts';
import { amount, money } from './money.ts';
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
      ...money('mrr', status === 'cancelled' || status === 'trial' ? 0 : mrr, currency),
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
            ...money('churned_mrr', mrr, currency),
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

interface InvoiceInput {
  readonly key: string;
  readonly day: Day;
  readonly lines: readonly Line[];
  readonly subscriptionId?: string;
  /** Last day of the period that it is for. */
  readonly until?: Day;
  readonly isLate?: boolean;
}

function invoiceOf(
  world: World,
  random: Random,
  deal: Deal,
  { key, day, lines, subscriptionId, until, isLate }: InvoiceInput,
): readonly Made[] {
  if (day >= world.today) return [];
  const { account } = deal;
  const { group, culture, ownership } = account;
  const { currency, tax: rate } = culture;
  const id = world.id('invoices', group, key);
  const due = day + 30;
  const subtotal = lines.reduce((sum, line) => sum + line.total, 0);
  const tax = Math.round((subtotal * rate) / 100);
  const total = subtotal + tax;
  const pays = workDay(due + random.int(-22, random.chance(0.18) ? 35 : 2));
  const isPaid = isLate !== true && pays < world.today && !random.chance(0.02);
  const isPartly = !isPaid && due < world.today && random.chance(0.25);
  const status = isPaid
    ? 'paid'
    : isPartly
      ? 'partially_paid'
      : due < world.today
        ? 'overdue'
        : random.weighted([
            ['sent', 80],
            ['issued', 20],
          ] as const);
  const paid = isPaid ? total : isPartly ? Math.round(total / 2) : 0;
  const method = random.pick(['bank_transfer', 'bank_transfer', 'card', 'direct_debit']);
  const paidDay = Math.min(world.today - 1, isPaid ? pays : due + 5);
  const reminders = status === 'overdue' ? Math.min(3, Math.floor((world.today - due) / 14)) : 0;
  const record = made(
    world,
    'invoices',
    { group, key, day, random, by: ownership.owner_id },
    {
      kind: 'invoice',
      status,
      invoice_date: dateText(day),
      due_date: dateText(due),
      payment_terms_days: 30,
      ...(until === undefined
        ? { delivered_on: dateText(day - 1) }
        : { period_start: dateText(day), period_end: dateText(until) }),
      ...(isPaid ? { paid_on: dateText(paidDay), payment_method: method } : {}),
      sent_at: made(world, 'invoices', { group, day, random }, {}).at,
      reminder_level: reminders,
      ...(reminders > 0 ? { last_reminder_on: dateText(due + reminders * 14) } : {}),
      purchase_order: `PO-${group}-${random.int(1000, 9999)}`,
      currency,
      ...money('subtotal', subtotal, currency),
      ...money('tax_total', tax, currency),
      ...money('total', total, currency),
      ...money('amount_paid', paid, currency),
      billing_name: account.name,
      billing_address: { city: random.pick(culture.cities), country: culture.country },
      account_id: account.id,
      ...(deal.contactId === undefined ? {} : { contact_id: deal.contactId }),
      ...(subscriptionId === undefined ? { opportunity_id: deal.id } : { subscription_id: subscriptionId }),
      ...ownership,
    },
  );
  const rows = lines.map((line, at) =>
    made(
      world,
      'invoice_lines',
      { group, key: `${key}-${at}`, day, random },
      {
        invoice_id: id,
        ...lineValues(line, at, currency),
        tax_rate: amount(rate * 100),
        ...(until === undefined ? {} : { service_from: dateText(day), service_to: dateText(until) }),
      },
    ),
  );
  return [
    record,
    ...rows,
    ...paymentsOf(world, random, account, { key, id, paid, total, paidDay, due, method, status, subscriptionId }),
  ];
}

interface PaymentInput {
  readonly key: string;
  readonly id: string;
  readonly paid: number;
  readonly total: number;
  readonly paidDay: Day;
  readonly due: Day;
  readonly method: string;
  readonly status: string;
  readonly subscriptionId: string | undefined;
}

function paymentsOf(world: World, random: Random, account: Account, input: PaymentInput): readonly Made[] {
  const { key, id, paid, total, paidDay, due, method, status, subscriptionId } = input;
  const { group, culture, ownership } = account;
  const common = {
    method,
    invoice_id: id,
    account_id: account.id,
    ...(subscriptionId === undefined ? {} : { subscription_id: subscriptionId }),
    ...ownership,
  };
  if (paid > 0)
    return [
      made(
        world,
        'payments',
        { group, key, day: paidDay, random, by: ownership.owner_id },
        {
          ...common,
          status: 'succeeded',
          ...money('amount', paid, culture.currency),
          paid_on: dateText(paidDay),
          provider: method === 'card' ? 'ledger' : 'bank',
          provider_reference: `${world.seed}-${group}-${key}`,
        },
      ),
    ];
  if (status !== 'overdue' || !random.chance(0.4)) return [];
  return [
    made(
      world,
      'payments',
      { group, key, day: due, random, by: ownership.owner_id },
      {
        ...common,
        status: 'failed',
        ...money('amount', total, culture.currency),
        due_on: dateText(due),
        attempts: random.int(1, 3),
        failure_reason: random.pick(['Insufficient funds', 'Card expired', 'Mandate withdrawn']),
      },
    ),
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
