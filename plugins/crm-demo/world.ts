// What all parts of the demo share: the request, the days it spans, the catalogue, and how a record is made.
import type { DemoRequest } from '../../server/plugins/plugin.ts';
import type { PastRecord } from '../../server/repository/insert-many.ts';
import { type Day, dayOf, workTime } from './calendar.ts';
import type { Culture } from './culture.ts';
import { easternCultures } from './eastern-cultures.ts';
import { idOf } from './ids.ts';
import { cents } from './money.ts';
import type { Random } from './random.ts';
import { westernCultures } from './western-cultures.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Made = PastRecord & { readonly entity: string };

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly type: 'goods' | 'service' | 'subscription';
  readonly unit: string;
  readonly billing: 'monthly' | 'quarterly' | 'semiannual' | 'yearly' | undefined;
  /** By external id of the price book: the entry and its price. */
  readonly prices: ReadonlyMap<string, { readonly id: string; readonly cents: number }>;
}

export interface World {
  readonly seed: string;
  readonly size: number;
  /** Three letters or digits of the seed, for names on the network that nobody else has. */
  readonly mark: string;
  readonly today: Day;
  /** Eighteen months ago. */
  readonly start: Day;
  readonly products: readonly Product[];
  id(entity: string, group: number, key?: string | number): string;
  /** The id of a record of the demo files. @throws Error when it is not there */
  ref(externalId: string): string;
  culture(random: Random): Culture;
}

const months = 18;

export function worldOf({ seed, size, today, base }: DemoRequest): World {
  const ref = (externalId: string): string => {
    const found = base.get(externalId);
    if (found === undefined) throw new Error(`The demo files have no ${externalId}`);
    return found.id;
  };
  const day = dayOf(today);
  return {
    seed,
    size,
    mark: idOf(seed, 'mark', 0).slice(-3),
    today: day,
    start: day - Math.round(months * 30.44),
    products: productsOf(base),
    id: (entity, group, key) => idOf(owningSeed(seed, group), entity, group, key),
    ref,
    culture: (random) => random.weighted([...westernCultures, ...easternCultures]),
  };
}

/** What the whole house has once (group 0) is the same for the companies of all seeds. */
const owningSeed = (seed: string, group: number): string => (group === 0 ? 'house' : seed);

type Base = DemoRequest['base'];
const refOf = (value: unknown): string => (value as { readonly ref?: string } | undefined)?.ref ?? '';

function productsOf(base: Base): readonly Product[] {
  const entries = [...base].filter(([name]) => name.startsWith('demo-pbe-'));
  return [...base]
    .filter(([name]) => name.startsWith('demo-prod-'))
    .map(([name, { id, values }]) => ({
      id,
      name: String(values['name']),
      type: values['type'] as Product['type'],
      unit: String(values['unit'] ?? 'piece'),
      billing: values['billing_period'] as Product['billing'],
      prices: new Map(
        entries
          .filter(([, entry]) => refOf(entry.values['product_id']) === name)
          .map(([, entry]) => [
            refOf(entry.values['price_book_id']),
            { id: entry.id, cents: cents(String(entry.values['unit_price'])) },
          ]),
      ),
    }));
}

/** Entities of the platform layer that take no imports, and so no external ids. */
const without: ReadonlySet<string> = new Set([
  ...['notifications', 'comments', 'attachments', 'approval_requests', 'approval_decisions', 'saved_views', 'dashboards'],
  ...['business_hours', 'feature_flags'],
]);

export interface Making {
  readonly group: number;
  readonly key?: string | number;
  readonly day: Day;
  readonly random: Random;
  /** Id of the user who made it. */
  readonly by?: string;
}

/** A record that was made at some hour of that day, never later than today. */
export function made(world: World, entity: string, { group, key = 0, day, random, by }: Making, values: Values): Made {
  const at = workTime(random, Math.max(Math.min(day, world.today - 1), world.start - 1));
  const externalId = without.has(entity)
    ? {}
    : { external_id: `demo-${owningSeed(world.seed, group)}-${entity}-${group}-${key}` };
  return {
    entity,
    id: world.id(entity, group, key),
    at,
    ...(by === undefined ? {} : { by }),
    values: { ...externalId, ...values },
  };
}
