// What the whole company has once: service levels, working hours, holidays, exchange rates, articles, saved views, dashboards.

import { articles, categories } from './article-texts.ts';
import { addMonths, dateText } from './calendar.ts';
import { marketerOf } from './people.ts';
import { randomOf } from './random.ts';
import { type Made, made, type Values, type World } from './world.ts';

/** Seconds. */
const hour = 3_600;

export function houseOf(world: World): readonly Made[] {
  const random = randomOf('house');
  const once = (entity: string, key: string | number, values: Values, by?: string): Made =>
    made(world, entity, { group: 0, key, day: world.start, random, ...(by === undefined ? {} : { by }) }, values);
  return [
    ...hours(world, once),
    ...rates(world, once),
    ...policies(world, once),
    ...knowledge(world, once),
    ...views(world, once),
  ];
}

type Once = (entity: string, key: string | number, values: Values, by?: string) => Made;

function hours(world: World, once: Once): readonly Made[] {
  const week = (days: readonly string[], from: string, to: string): Values =>
    Object.fromEntries(
      days.flatMap((day) => [
        [`${day}_from`, from],
        [`${day}_to`, to],
      ]),
    );
  const plans = [
    once('business_hours', 'europe', {
      name: 'Office in Hamburg',
      time_zone: 'Europe/Berlin',
      is_default: true,
      ...week(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], '08:00:00', '17:00:00'),
    }),
    once('business_hours', 'gulf', {
      name: 'Office in Riyadh',
      time_zone: 'Asia/Riyadh',
      ...week(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday'], '08:00:00', '17:00:00'),
    }),
  ];
  const year = Number(dateText(world.today).slice(0, 4));
  const days = [
    ['New Year', '01-01', 'europe'],
    ['Labour Day', '05-01', 'europe'],
    ['German Unity Day', '10-03', 'europe'],
    ['Christmas', '12-25', 'europe'],
    ['Boxing Day', '12-26', 'europe'],
    ['Saudi National Day', '09-23', 'gulf'],
    ['Founding Day', '02-22', 'gulf'],
  ] as const;
  return [
    ...plans,
    ...days.map(([name, date, plan]) =>
      once('holidays', `${plan}-${date}`, {
        name,
        on_date: `${year}-${date}`,
        every_year: true,
        business_hours_id: world.id('business_hours', 0, plan),
      }),
    ),
  ];
}

/** A rate a month, wandering a little; the riyal and the dirham are tied to the dollar. */
function rates(world: World, once: Once): readonly Made[] {
  const random = randomOf('rates');
  let euro = 1.08;
  return Array.from({ length: 19 }, (_, at) => {
    const from = dateText(addMonths(world.start, at));
    euro = Math.min(1.2, Math.max(1, euro + (random.next() - 0.5) * 0.03));
    const pairs = [
      ['EUR', euro.toFixed(4)],
      ['SAR', '0.266667'],
      ['AED', '0.272294'],
      ['GBP', (euro * 1.17).toFixed(4)],
      ['ILS', (0.272 + random.next() * 0.01).toFixed(4)],
    ] as const;
    return pairs.map(([currency, rate]) =>
      once('exchange_rates', `${currency}-${at}`, {
        from_currency: currency,
        to_currency: 'USD',
        rate,
        valid_from: from,
        origin: 'Demo',
      }),
    );
  }).flat();
}

function policies(world: World, once: Once): readonly Made[] {
  const targets = (factor: number): Values =>
    Object.fromEntries(
      (
        [
          ['urgent', 1, 8],
          ['high', 4, 24],
          ['normal', 8, 72],
          ['low', 24, 168],
        ] as const
      ).flatMap(([priority, first, whole]) => [
        [`first_response_${priority}`, Math.round(first * factor * hour)],
        [`resolution_${priority}`, Math.round(whole * factor * hour)],
      ]),
    );
  const hoursId = world.id('business_hours', 0, 'europe');
  return [
    once('sla_policies', 'premium', {
      name: 'Premium',
      position: 1,
      account_tier: 'strategic',
      ...targets(0.5),
      business_hours_id: hoursId,
    }),
    once('sla_policies', 'standard', {
      name: 'Standard',
      position: 2,
      ...targets(1),
      business_hours_id: hoursId,
    }),
  ];
}

function knowledge(world: World, once: Once): readonly Made[] {
  const random = randomOf('articles');
  const writer = { owner_id: world.ref('demo-user-priya'), team_id: world.ref('demo-team-support') };
  return [
    ...categories.map(([key, name], position) => once('article_categories', key, { name, slug: key, position, active: true })),
    ...articles.map(
      ({ title, category, language = 'en', summary, body, status = 'published', audience = 'public', of }, number) =>
        once(
          'articles',
          number,
          {
            title,
            slug: `article-${number}`,
            status,
            audience,
            language,
            summary,
            body,
            ...(status === 'published' ? { published_at: `${dateText(world.start + 20 + number * 9)}T09:00:00Z` } : {}),
            review_on: dateText(world.today + random.int(-10, 200)),
            view_count: status === 'published' ? random.int(20, 900) : 0,
            helpful_count: status === 'published' ? random.int(5, 120) : 0,
            unhelpful_count: random.int(0, 9),
            category_id: world.id('article_categories', 0, category),
            ...(of === undefined ? {} : { translation_of_id: world.id('articles', 0, of) }),
            ...writer,
          },
          writer.owner_id,
        ),
    ),
  ];
}

function views(world: World, once: Once): readonly Made[] {
  const marketing = marketerOf(world);
  const head = { owner_id: world.ref('demo-user-sara'), team_id: world.ref('demo-team-europe') };
  const agrees = (more: readonly unknown[]) => ({ all: [{ fact: 'consent_at', operator: 'isEmpty', value: false }, ...more] });
  const awake = { fact: 'status', operator: 'in', value: ['new', 'working', 'nurturing'] };
  return [
    once(
      'saved_views',
      'newsletter',
      {
        name: 'Leads who want our news',
        entity: 'leads',
        type: 'list',
        segment: true,
        condition: agrees([awake]),
        columns: ['display_name', 'company', 'score'],
        ...marketing,
      },
      marketing.owner_id,
    ),
    once(
      'saved_views',
      'consenting',
      {
        name: 'Customers who want our news',
        entity: 'contacts',
        type: 'list',
        segment: true,
        condition: agrees([{ fact: 'lifecycle', operator: 'equal', value: 'customer' }]),
        columns: ['display_name', 'account_id', 'email'],
        ...marketing,
      },
      marketing.owner_id,
    ),
    once(
      'saved_views',
      'large',
      {
        name: 'Large open deals',
        entity: 'opportunities',
        type: 'board',
        group_by: 'stage',
        condition: { fact: 'amount', operator: 'greaterThan', value: '50000' },
        columns: ['name', 'amount', 'close_date'],
        pinned: true,
        ...head,
      },
      head.owner_id,
    ),
    once(
      'dashboards',
      'sales',
      {
        name: 'Sales at a glance',
        description: 'What is open, what was won, who is ahead.',
        pinned: true,
        widgets: [
          {
            id: 'open',
            type: 'funnel',
            entity: 'opportunities',
            measure: { function: 'sum', field: 'amount' },
            groupBy: ['stage'],
          },
          {
            id: 'won',
            type: 'bar',
            entity: 'opportunities',
            measure: { function: 'sum', field: 'amount' },
            groupBy: ['month(close_date)'],
          },
        ],
        ...head,
      },
      head.owner_id,
    ),
  ];
}
