// email-mx: refuses e-mail addresses whose domain takes no mail, for the fields that say checkMx; what could not be asked is asked again.
import type { CreatePlugin } from '../../server/plugins/plugin.ts';
import type { Issue } from '../../server/problem.ts';
import type { Change } from '../../server/repository/hooks.ts';
import { domainOf, mailDomains } from './mail-domains.ts';
import { recheck } from './recheck.ts';
import { readSettings } from './settings.ts';
import { checkedFields, statusField, statusOf } from './status.ts';

/** Records that come in bulk are not held up by the DNS: they are checked afterwards. */
const deferred: readonly string[] = ['import', 'demo'];

const emailMx: CreatePlugin = ({ environment, log }) => {
  const settings = readSettings(environment);
  if (!settings.enabled) return {};
  const domains = mailDomains(settings);
  return {
    hooks: {
      // Before the transaction opens: nothing waits for the network with a lock in hand.
      prepare: async (context, change) => {
        if (deferred.includes(context.source)) return [];
        const found = await Promise.all(
          changedAddresses(change).map(async ([name, address]): Promise<Issue[]> => {
            if (address === null || (await domains.verdict(domainOf(address))) !== 'refused') return [];
            const detail = `The domain ${domainOf(address)} does not exist or takes no e-mail.`;
            return [{ pointer: `/${name}`, code: 'email_domain', detail }];
          }),
        );
        return found.flat();
      },
      // By now the answer is remembered, if there was one.
      beforeSave: (_context, change) => {
        const set = changedAddresses(change)
          .filter(([name]) => change.entity.fields.has(statusField(name)))
          .map(([name, address]) => [statusField(name), address === null ? null : statusOf(domains.known(domainOf(address)))]);
        return set.length === 0 ? undefined : { set: Object.fromEntries(set) };
      },
    },
    tasks: [{ name: 'recheck', cron: '*/2 * * * *', run: (running, signal) => recheck({ ...running, domains, log }, signal) }],
  };
};

export default emailMx;

/** The new addresses in fields that ask for the check; null where one was taken away. */
const changedAddresses = ({ entity, after, changed }: Change): (readonly [field: string, address: string | null])[] =>
  checkedFields(entity)
    .filter((name) => changed.includes(name))
    .map((name) => [name, typeof after?.[name] === 'string' ? after[name] : null]);
