// Who sells, who helps, and how people are called.
import type { Culture, Name } from './culture.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const sellers: Readonly<Record<string, readonly string[]>> = {
  'demo-team-europe': ['demo-user-jonas', 'demo-user-emma', 'demo-user-sara'],
  'demo-team-mea': ['demo-user-omar', 'demo-user-noa', 'demo-user-sara'],
};
const helpers = ['demo-user-priya', 'demo-user-kenji'];

export interface Ownership {
  readonly owner_id: string;
  readonly team_id: string;
}

/** A seller of the culture's team; the head of sales has few records of her own. */
export function sellerOf(world: World, random: Random, culture: Culture): Ownership {
  const [first = '', second = '', head = ''] = sellers[culture.team] ?? [];
  const seller = random.weighted([
    [first, 48],
    [second, 44],
    [head, 8],
  ]);
  return { owner_id: world.ref(seller), team_id: world.ref(culture.team) };
}

export const helperOf = (world: World, random: Random): Ownership => ({
  owner_id: world.ref(random.pick(helpers)),
  team_id: world.ref('demo-team-support'),
});

export const marketerOf = (world: World): Ownership => ({
  owner_id: world.ref('demo-user-lucia'),
  team_id: world.ref('demo-team-marketing'),
});

export interface PersonName {
  readonly first: string;
  readonly last: string;
  /** For an address: `fatima.alharbi`. */
  readonly mailbox: string;
}

const plain = (name: Name): string =>
  name[1]
    .normalize('NFKD')
    .replace(/ß/g, 'ss')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();

export function personOf(random: Random, culture: Culture): PersonName {
  const [first, last] = [random.pick(culture.first), random.pick(culture.last)];
  return { first: first[0], last: last[0], mailbox: `${plain(first)}.${plain(last)}` };
}

/** A name and the domain that goes with it; nobody can register names under .example. */
export function companyOf(
  world: World,
  random: Random,
  culture: Culture,
  number: number,
): { readonly name: string; readonly domain: string } {
  const [heads, tails] = culture.companies;
  const [head, tail] = [random.pick(heads), random.pick(tails)];
  const place = random.chance(0.35) ? ` ${random.pick(culture.cities)}` : '';
  return { name: `${head[0]} ${tail[0]}${place}`, domain: `${plain(head)}-${plain(tail)}-${world.mark}${number}.example` };
}

export const titles = [
  ['Managing Director', 'executive', 'economic_buyer'],
  ['Head of Procurement', 'director', 'decision_maker'],
  ['Technical Manager', 'manager', 'technical_buyer'],
  ['Plant Manager', 'manager', 'champion'],
  ['Facility Manager', 'manager', 'influencer'],
  ['Quality Engineer', 'specialist', 'evaluator'],
  ['Chief Financial Officer', 'executive', 'economic_buyer'],
  ['Maintenance Technician', 'staff', 'end_user'],
] as const;
