// What customers ask and complain about, with the clocks of the service level.
import type { Account } from './accounts.ts';
import { timeText, workDay } from './calendar.ts';
import { helperOf } from './people.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

/** Subject, type, category, what helped; and the number of the article that tells it. */
const cases = [
  ['Pressure drops behind the filter', 'incident', 'product', 'The cartridge was blocked and has been changed.', 0],
  [
    'Gateway shows no values since the morning',
    'incident',
    'bug',
    'The gateway was restarted and updated to the newest version.',
    1,
  ],
  ['Invoice has the wrong delivery address', 'request', 'billing', 'The invoice was corrected and sent again.', 2],
  ['How often is the membrane to be rinsed?', 'question', 'product', 'Sent the table of rinsing intervals.', 3],
  ['Delivery is a pump short', 'complaint', 'delivery', 'The missing pump was sent by express.', 4],
  ['Password for the monitoring portal', 'request', 'account', 'A link for a new password was sent.', 5],
  ['Probe must be calibrated too often', 'problem', 'product', 'The probe was replaced under warranty.', 6],
  ['Export of the measured values as a table', 'feature', 'bug', 'Noted for the next release; showed the present way.', 7],
  ['Date for the commissioning', 'question', 'installation', 'Agreed on a date with the site.', 8],
  ['Salt level alarm does not stop', 'incident', 'product', 'The float switch was cleaned.', 9],
] as const;

/** Minutes until the first response and the resolution are due, as in the standard policy. */
const targets = { urgent: [60, 480], high: [240, 1440], normal: [480, 4320], low: [1440, 10_080] } as const;

export function ticketsOf(world: World, random: Random, account: Account): readonly Made[] {
  if (account.type !== 'customer') return [];
  const count = Math.floor(random.next() * random.next() * 7 * Math.min(2, account.weight) + 0.6);
  return Array.from({ length: count }, (_, key) => ticketOf(world, random, account, key)).flat();
}

function ticketOf(world: World, random: Random, account: Account, key: number): readonly Made[] {
  const { group, culture, contacts } = account;
  const [subject, type, category, help, article] = random.pick(cases);
  const room = Math.max(1, world.today - account.made - 1);
  const day = Math.min(world.today - 1, workDay(account.made + Math.floor(random.next() ** 0.8 * room)));
  const ownership = helperOf(world, random);
  const priority = random.weighted([
    ['normal', 55],
    ['high', 22],
    ['low', 15],
    ['urgent', 8],
  ] as const);
  const [responseIn, resolutionIn] = targets[priority];
  const began = 7 * 60 + random.int(0, 540);
  const at = (minutes: number): string => timeText(day, began + Math.round(minutes));
  const since = (world.today - day) * 1440 - began;
  const responded = responseIn * (random.chance(0.86) ? 0.1 + random.next() * 0.8 : 1.1 + random.next());
  const resolved = responded + resolutionIn * (random.chance(0.82) ? 0.1 + random.next() * 0.7 : 1.2 + random.next());
  const isAnswered = responded < since;
  const isSolved = resolved < since && !random.chance(0.05);
  const status = isSolved
    ? resolved + 7 * 1440 < since
      ? 'closed'
      : 'solved'
    : isAnswered
      ? random.weighted([
          ['open', 50],
          ['pending', 35],
          ['on_hold', 15],
        ] as const)
      : 'new';
  const isLate = (isSolved ? resolved : since) > resolutionIn;
  const sla = isSolved
    ? isLate
      ? 'breached'
      : 'met'
    : status === 'pending'
      ? 'paused'
      : isLate
        ? 'breached'
        : since > resolutionIn * 0.8
          ? 'at_risk'
          : 'on_track';
  const [contact] = contacts.slice(key % contacts.length);
  const id = world.id('tickets', group, key);
  const ticket = made(
    world,
    'tickets',
    { group, key, day, random, by: ownership.owner_id },
    {
      subject,
      description: `${subject}. It began on the day before; the site runs at half load.`,
      status,
      priority,
      type,
      category,
      channel: random.weighted([
        ['email', 45],
        ['phone', 25],
        ['web', 15],
        ['chat', 10],
        ['whatsapp', 5],
      ] as const),
      language: culture.language,
      sla_status: sla,
      sla_started_at: at(0),
      first_response_due_at: at(responseIn),
      ...(isAnswered ? { first_responded_at: at(responded), first_response_breached: responded > responseIn } : {}),
      resolution_due_at: at(resolutionIn),
      ...(isSolved
        ? {
            resolved_at: at(resolved),
            resolution_breached: isLate,
            resolution: help,
            resolution_code: 'solved',
            time_spent: random.int(10, 240) * 60,
          }
        : {}),
      ...(status === 'closed' ? { closed_at: at(resolved + 7 * 1440) } : {}),
      ...(status === 'pending' ? { paused_at: at(responded) } : {}),
      ...(!isSolved && isLate && random.chance(0.5)
        ? { escalated: true, escalation_reason: 'Late, and the customer is a large one.' }
        : {}),
      ...(isSolved && random.chance(0.6)
        ? {
            satisfaction: random.weighted([
              [5, 45],
              [4, 33],
              [3, 12],
              [2, 6],
              [1, 4],
            ] as const),
          }
        : {}),
      account_id: account.id,
      ...(contact === undefined ? {} : { contact_id: contact.id }),
      sla_policy_id: world.id('sla_policies', 0, account.weight > 2.5 ? 'premium' : 'standard'),
      ...(isSolved && random.chance(0.4) ? { article_id: world.id('articles', 0, article) } : {}),
      ...ownership,
    },
  );
  const comment = isAnswered
    ? [
        made(
          world,
          'comments',
          { group, key: `t${key}`, day, random, by: ownership.owner_id },
          {
            body: isSolved ? help : 'Asked the site for a photo of the display.',
            record_type: 'tickets',
            record_id: id,
          },
        ),
      ]
    : [];
  const escalated = (ticket.values as Record<string, unknown>)['escalated'] === true;
  const notified = escalated
    ? [
        made(
          world,
          'notifications',
          { group, key: `t${key}`, day: world.today - 1, random },
          {
            title: `Late: ${subject}`,
            kind: 'deadline',
            record_type: 'tickets',
            record_id: id,
            user_id: ownership.owner_id,
          },
        ),
      ]
    : [];
  return [ticket, ...comment, ...notified];
}
