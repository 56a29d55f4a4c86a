// Calls, mails and meetings about a deal or a company: those that were, and those that are planned.
import type { Account } from './accounts.ts';
import { type Day, timeText, workDay } from './calendar.ts';
import type { Deal } from './deals.ts';
import type { Random } from './random.ts';
import { type Made, made, type World } from './world.ts';

const subjects = {
  call: ['Call about the offer', 'Asked for the budget', 'Called back', 'Talked about the delivery date'],
  email: ['Sent the data sheets', 'Sent the quote', 'Answered questions about the warranty', 'Thanked for the visit'],
  meeting: ['Meeting on site', 'Talk with the purchasing department', 'Review of the first year', 'Plan of the installation'],
  task: ['Prepare the quote', 'Check the water analysis', 'Ask for references', 'Update the forecast'],
  demo: ['Showed the monitoring', 'Demonstration of the unit'],
  visit: ['Visited the plant', 'Measured on site'],
  note: ['Heard of a second site', 'Prefers mornings', 'Budget is decided in autumn'],
} as const;

type Kind = keyof typeof subjects;
const kinds: readonly (readonly [Kind, number])[] = [
  ['call', 30],
  ['email', 26],
  ['meeting', 14],
  ['task', 14],
  ['demo', 5],
  ['visit', 5],
  ['note', 6],
];
const meets: ReadonlySet<Kind> = new Set<Kind>(['meeting', 'demo', 'visit']);

export function activitiesOfDeal(world: World, random: Random, deal: Deal): readonly Made[] {
  const last = deal.outcome === 'open' ? world.today + 14 : Math.min(deal.closes, world.today - 1);
  const count = random.int(2, 5);
  return Array.from({ length: count }, (_, at) => {
    const day = deal.made + Math.floor(((last - deal.made) * (at + 0.3 + random.next() * 0.6)) / count);
    return activityOf(world, random, deal.account, { key: `d${deal.key}-${at}`, day, parent: ['opportunities', deal.id] });
  }).flat();
}

export function activitiesOfAccount(world: World, random: Random, account: Account): readonly Made[] {
  const count = random.int(0, 3);
  return Array.from({ length: count }, (_, at) => {
    const day = account.made + Math.floor(random.next() * (world.today + 20 - account.made));
    return activityOf(world, random, account, { key: `a${at}`, day, parent: ['accounts', account.id] });
  }).flat();
}

interface ActivityInput {
  readonly key: string;
  readonly day: Day;
  readonly parent: readonly [entity: string, id: string];
}

function activityOf(
  world: World,
  random: Random,
  account: Account,
  { key, day: wished, parent }: ActivityInput,
): readonly Made[] {
  const { group, ownership, contacts, culture } = account;
  const day = workDay(wished);
  const isPast = day < world.today;
  const kind = random.weighted(isPast ? kinds : kinds.filter(([one]) => one !== 'note' && one !== 'email'));
  const start = 8 * 60 + random.int(0, 17) * 30;
  const length = meets.has(kind) ? random.pick([30, 60, 90]) : random.pick([10, 15, 20]);
  const isDone = isPast && (kind !== 'task' || random.chance(0.85));
  const contact = random.pick(contacts);
  const ends = timeText(day, start + length);
  const record = made(
    world,
    'activities',
    { group, key, day: Math.min(day, world.today - 1), random, by: ownership.owner_id },
    {
      subject: random.pick(subjects[kind]),
      kind,
      status: isDone ? 'completed' : 'planned',
      priority: random.weighted([
        ['normal', 70],
        ['high', 20],
        ['low', 10],
      ] as const),
      ...(kind === 'call' || kind === 'email' ? { direction: random.chance(0.7) ? 'outbound' : 'inbound' } : {}),
      ...(kind === 'task' || kind === 'note' ? {} : { start_at: timeText(day, start), end_at: ends, duration: length * 60 }),
      due_at: ends,
      ...(isDone
        ? {
            completed_at: ends,
            outcome: random.pick(
              kind === 'call' ? ['reached', 'no_answer', 'left_message', 'call_back'] : ['done', 'interested', 'done'],
            ),
          }
        : {}),
      ...(kind === 'task' && isDone ? { percent_complete: '100' } : {}),
      ...(kind === 'meeting' || kind === 'visit' ? { location: random.pick(culture.cities) } : {}),
      ...(isPast ? {} : { reminder_at: timeText(day, start - 30) }),
      parent_type: parent[0],
      parent_id: parent[1],
      ...(contact === undefined ? {} : { contact_id: contact.id }),
      ...ownership,
    },
  );
  if (!meets.has(kind) || contact === undefined) return [record];
  const participants = contacts.slice(0, 2).map(({ id }, at) =>
    made(
      world,
      'activity_participants',
      { group, key: `${key}-${at}`, day: Math.min(day, world.today - 1), random },
      {
        activity_id: record.id,
        contact_id: id,
        response: isPast ? 'attended' : random.pick(['invited', 'accepted', 'tentative']),
      },
    ),
  );
  return [record, ...participants];
}
