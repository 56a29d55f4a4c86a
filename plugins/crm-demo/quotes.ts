// The quotes of a deal, revision after revision, with their lines; a large discount asks for approval.
import { type Day, dateText, workDay, workTime } from './calendar.ts';
import { type Deal, lineValues } from './deals.ts';
import { amount, money } from './money.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

/** A deal before its records are. */
type Draft = Omit<Deal, 'records'>;

export function quotesOf(world: World, random: Random, deal: Draft): readonly Made[] {
  const revisions = random.weighted([
    [1, 70],
    [2, 25],
    [3, 5],
  ] as const);
  return Array.from({ length: revisions }, (_, at) =>
    quoteOf(world, random, deal, { revision: at + 1, isLast: at + 1 === revisions }),
  ).flat();
}

function quoteOf(
  world: World,
  random: Random,
  deal: Draft,
  { revision, isLast }: { revision: number; isLast: boolean },
): readonly Made[] {
  const { account, outcome, lines } = deal;
  const { group, culture, ownership } = account;
  const span = Math.max(1, Math.min(deal.closes, world.today) - deal.made);
  const day = workDay(Math.min(world.today - 1, deal.made + Math.floor(span * (0.4 + revision * 0.12))));
  const valid = day + 30;
  const status = !isLast
    ? 'expired'
    : outcome === 'won'
      ? 'accepted'
      : outcome === 'lost'
        ? random.weighted([
            ['declined', 70],
            ['expired', 30],
          ] as const)
        : valid < world.today
          ? 'expired'
          : random.weighted([
              ['sent', 60],
              ['draft', 20],
              ['approved', 12],
              ['in_review', 8],
            ] as const);
  const key = `${deal.key}-${revision}`;
  const id = world.id('quotes', group, key);
  const subtotal = lines.reduce((sum, line) => sum + line.total, 0);
  const gross = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  const { currency } = culture;
  const large = gross > subtotal * 1.1;
  const approval = status === 'in_review' ? 'pending' : large && status !== 'draft' ? 'approved' : 'not_needed';
  const sent = status === 'draft' || status === 'in_review' || status === 'approved' ? {} : { sent_at: workTime(random, day) };
  const answered = workTime(random, Math.max(day, Math.min(deal.closes, world.today - 1)));
  return [
    made(
      world,
      'quotes',
      { group, key, day, random, by: ownership.owner_id },
      {
        name: deal.name,
        status,
        revision,
        is_primary: isLast,
        approval,
        ...(approval === 'approved' ? { approved_at: workTime(random, day) } : {}),
        quote_date: dateText(day),
        valid_until: dateText(valid),
        language: culture.language,
        currency,
        ...sent,
        ...(status === 'accepted' ? { accepted_at: answered, accepted_by: 'Signed by the managing director' } : {}),
        ...(status === 'declined' ? { declined_at: answered, decline_reason: 'Another offer was cheaper.' } : {}),
        ...(revision > 1 ? { previous_version_id: world.id('quotes', group, `${deal.key}-${revision - 1}`) } : {}),
        opportunity_id: deal.id,
        account_id: account.id,
        ...(deal.contactId === undefined ? {} : { contact_id: deal.contactId }),
        price_book_id: world.ref(culture.priceBook),
        ...ownership,
      },
    ),
    ...lines.map((line, at) =>
      made(
        world,
        'quote_lines',
        { group, key: `${key}-${at}`, day, random },
        {
          quote_id: id,
          ...lineValues(line, at),
          list_price: amount(line.price),
          tax_rate: amount(culture.tax * 100),
          ...(line.entryId === '' ? {} : { pricebook_entry_id: line.entryId }),
          ...(line.product.billing === undefined ? {} : { billing_period: line.product.billing }),
        },
      ),
    ),
    ...approvalOf(world, random, {
      group,
      key,
      day,
      approval,
      name: deal.name,
      quoteId: id,
      by: ownership.owner_id,
      total: money('amount', subtotal, currency),
    }),
  ];
}

interface Approval {
  readonly group: number;
  readonly key: string;
  readonly day: Day;
  readonly approval: string;
  readonly name: string;
  readonly quoteId: string;
  readonly by: string;
  readonly total: Readonly<Record<string, string>>;
}

function approvalOf(
  world: World,
  random: Random,
  { group, key, day, approval, name, quoteId, by, total }: Approval,
): readonly Made[] {
  if (approval === 'not_needed') return [];
  const decided = approval === 'approved' ? { decided_at: workTime(random, day) } : {};
  return [
    made(
      world,
      'approval_requests',
      { group, key, day, random, by },
      {
        subject: `Discount for ${name}`,
        status: approval,
        reason: 'More than ten per cent off the list prices.',
        ...total,
        ...decided,
        due_at: workTime(random, day + 3),
        record_type: 'quotes',
        record_id: quoteId,
        requester_id: by,
      },
    ),
    made(
      world,
      'approval_decisions',
      { group, key, day, random, by },
      {
        status: approval,
        asked_at: workTime(random, day),
        ...decided,
        due_at: workTime(random, day + 3),
        request_id: world.id('approval_requests', group, key),
        approver_id: world.ref('demo-user-sara'),
      },
    ),
  ];
}
