// crm-demo: a company that sells water treatment, with eighteen months of business; the same for the same seed and day.
import type { CreatePlugin, DemoRequest } from '../../server/plugins/plugin.ts';
import { accountOf } from './accounts.ts';
import { activitiesOfAccount, activitiesOfDeal } from './activities.ts';
import { billingOf } from './billing.ts';
import { campaignsOf, enrolmentOf, journeysOf } from './campaigns.ts';
import { dealsOf } from './deals.ts';
import { houseOf } from './house.ts';
import { convertedLeadOf, leadOf } from './leads.ts';
import { randomOf } from './random.ts';
import { tagsOf } from './tags.ts';
import { ticketsOf } from './tickets.ts';
import { type Made, type World, worldOf } from './world.ts';

const leadsPerAccount = 1.6;

/** One account after the other with all that belongs to it, so that no more than one is held in memory. */
export function* demoOf(request: DemoRequest): Generator<readonly Made[]> {
  const world = worldOf(request);
  yield [...houseOf(world), ...campaignsOf(world), ...journeysOf(world)];
  for (let group = 1; group <= world.size; group++) yield companyRecords(world, group);
  const leads = Math.round(world.size * leadsPerAccount);
  for (let group = 1; group <= leads; group++) yield leadOf(world, randomOf(world.seed, 'lead', group), group);
}

function companyRecords(world: World, group: number): readonly Made[] {
  const random = randomOf(world.seed, 'account', group);
  const account = accountOf(world, random, group);
  const deals = dealsOf(world, random, account);
  const [contact] = account.contacts;
  return [
    ...account.records,
    ...deals.flatMap((deal) => [...deal.records, ...billingOf(world, random, deal), ...activitiesOfDeal(world, random, deal)]),
    ...activitiesOfAccount(world, random, account),
    ...ticketsOf(world, random, account),
    ...convertedLeadOf(world, random, account),
    ...(contact === undefined || account.type !== 'customer'
      ? []
      : enrolmentOf(world, random, { group, contactId: contact.id, day: account.made })),
    ...tagsOf(world, random, account),
  ];
}

const crmDemo: CreatePlugin = () => ({ demo: demoOf });

export default crmDemo;
