// One invoice with its lines and what was paid of it.
import type { Account } from './accounts.ts';
import { type Day, dateText, workDay } from './calendar.ts';
import { type Deal, type Line, lineValues } from './deals.ts';
import { amount } from './money.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

interface InvoiceInput {
  readonly key: string;
  readonly day: Day;
  readonly lines: readonly Line[];
  readonly subscriptionId?: string;
  /** Last day of the period that it is for. */
  readonly until?: Day;
  readonly isLate?: boolean;
}

export function invoiceOf(
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
        ...lineValues(line, at),
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
  const { group, ownership } = account;
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
          amount: amount(paid),
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
        amount: amount(total),
        due_on: dateText(due),
        attempts: random.int(1, 3),
        failure_reason: random.pick(['Insufficient funds', 'Card expired', 'Mandate withdrawn']),
      },
    ),
  ];
}
