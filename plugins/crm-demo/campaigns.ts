// A campaign a month, some more in a large company; and the journeys that follow up.
import { type Day, dateText, workTime } from './calendar.ts';
import { money } from './money.ts';
import { marketerOf } from './people.ts';
import { type Random, randomOf } from './random.ts';
import { type Made, made, type World } from './world.ts';

export interface Campaign {
  readonly id: string;
  readonly slug: string;
  readonly start: Day;
}

const themes = [
  ['Water saving in hotels', 'webinar', 'water-hotels'],
  ['Hygiene in breweries', 'email', 'brewery-hygiene'],
  ['Trade fair for water technology', 'event', 'fair'],
  ['Monitoring from afar', 'email', 'monitoring'],
  ['Spring service offer', 'mailing', 'spring-service'],
  ['Partners’ day', 'partner', 'partners-day'],
] as const;

/** The campaigns run one after the other, thirty days each. */
const every = 30;

export function campaignFor(world: World, day: Day): Campaign | undefined {
  const number = Math.floor((day - world.start) / every);
  const [, , slug] = themes[number % themes.length] ?? themes[0];
  return { id: world.id('campaigns', 0, number), slug: `${slug}-${number}`, start: world.start + number * every };
}

export function campaignsOf(world: World): readonly Made[] {
  const random = randomOf('campaigns');
  const ownership = marketerOf(world);
  const count = Math.ceil((world.today - world.start + 1) / every) + 2;
  return Array.from({ length: count }, (_, number) => {
    const [name, type, slug] = themes[number % themes.length] ?? themes[0];
    const start = world.start + number * every;
    const end = start + 24;
    const status = end < world.today ? 'completed' : start <= world.today ? 'active' : 'planned';
    const budget = random.int(2, 40) * 1_000_00;
    const year = dateText(start).slice(0, 4);
    return made(
      world,
      'campaigns',
      { group: 0, key: number, day: start - 20, random, by: ownership.owner_id },
      {
        name: `${name} ${year}-${String((number % 12) + 1).padStart(2, '0')}`,
        type,
        status,
        start_date: dateText(start),
        end_date: dateText(end),
        ...money('budget', budget, 'USD'),
        ...(status === 'completed' ? money('actual_cost', Math.round(budget * (0.8 + random.next() * 0.35)), 'USD') : {}),
        ...money('expected_revenue', budget * random.int(3, 9), 'USD'),
        expected_response: String(random.int(3, 18)),
        audience_size: random.int(80, 900),
        utm_source: 'newsletter',
        utm_medium: 'email',
        utm_campaign: `${slug}-${number}`,
        landing_page: `https://www.klarwasser.example/${slug}`,
        goal: 'Twenty talks with technical managers',
        ...(type === 'email' ? { email_subject: name, email_from_name: 'Lucía Romero' } : {}),
        ...(type === 'event' || type === 'webinar'
          ? { venue: type === 'event' ? 'München' : 'Online', capacity: random.int(40, 300) }
          : {}),
        segment_id: world.id('saved_views', 0, 'newsletter'),
        ...ownership,
      },
    );
  });
}

const steps = [
  ['Welcome', 'email', { subject: 'Welcome to clear water', body: 'Three things that our customers ask first.' }],
  ['Three days', 'wait', { wait_days: 3 }],
  ['Case study', 'email', { subject: 'How a brewery saved a fifth', body: 'The numbers of one year.' }],
  ['A week', 'wait', { wait_days: 7 }],
  ['Call', 'task', { subject: 'Call whoever opened both mails', body: 'Ask for the water analysis.' }],
  ['End', 'exit', {}],
] as const;

export function journeysOf(world: World): readonly Made[] {
  const random = randomOf('journeys');
  const ownership = marketerOf(world);
  const names = [
    ['New leads', 'leads', 'active'],
    ['First year of a customer', 'contacts', 'active'],
    ['Asleep for half a year', 'contacts', 'draft'],
  ] as const;
  return names.flatMap(([name, audience, status], number) => {
    const day = world.start + number * 30;
    const id = world.id('journeys', 0, number);
    return [
      made(
        world,
        'journeys',
        { group: 0, key: number, day, random, by: ownership.owner_id },
        {
          name,
          audience,
          status,
          goal: 'A talk',
          starts_on: dateText(day),
          send_from: '08:00:00',
          send_until: '18:00:00',
          segment_id: world.id('saved_views', 0, audience === 'leads' ? 'newsletter' : 'consenting'),
          ...ownership,
        },
      ),
      ...steps.map(([step, kind, more], position) =>
        made(
          world,
          'journey_steps',
          { group: 0, key: `${number}-${position}`, day, random },
          { name: step, kind, position: position + 1, journey_id: id, ...more },
        ),
      ),
    ];
  });
}

/** Some contacts of a company are on the journey for customers. */
export function enrolmentOf(
  world: World,
  random: Random,
  input: { readonly group: number; readonly contactId: string; readonly day: Day },
): readonly Made[] {
  if (!random.chance(0.25)) return [];
  const { group, contactId, day } = input;
  const isDone = world.today - day > 40;
  const position = isDone ? steps.length - 1 : random.int(0, 3);
  return [
    made(
      world,
      'journey_enrolments',
      { group, day, random },
      {
        status: isDone
          ? random.weighted([
              ['completed', 80],
              ['exited', 12],
              ['unsubscribed', 8],
            ] as const)
          : 'waiting',
        entered_at: workTime(random, day),
        ...(isDone
          ? { finished_at: workTime(random, Math.min(world.today - 1, day + 14)) }
          : { next_step_at: workTime(random, world.today + 2) }),
        messages_sent: isDone ? 2 : 1,
        goal_reached: isDone && random.chance(0.3),
        journey_id: world.id('journeys', 0, 1),
        contact_id: contactId,
        step_id: world.id('journey_steps', 0, `1-${position}`),
      },
    ),
  ];
}
