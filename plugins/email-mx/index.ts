// email-mx: refuses e-mail addresses whose domain takes no mail, for the fields that say checkMx.
import type { CreatePlugin } from '../../server/plugins/plugin.ts';
import type { Issue } from '../../server/problem.ts';
import type { Change } from '../../server/repository/hooks.ts';
import { mailDomains } from './mail-domains.ts';
import { readSettings } from './settings.ts';

/** Records that come in bulk are not held up by the DNS. */
const deferred: readonly string[] = ['import', 'demo'];

const emailMx: CreatePlugin = ({ environment }) => {
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
            const domain = address.slice(address.lastIndexOf('@') + 1);
            if ((await domains.verdict(domain)) !== 'refused') return [];
            const detail = `The domain ${domain} does not exist or takes no e-mail.`;
            return [{ pointer: `/${name}`, code: 'email_domain', detail }];
          }),
        );
        return found.flat();
      },
    },
  };
};

export default emailMx;

/** The new addresses in fields of type email that ask for the check. */
function changedAddresses({ entity, after, changed }: Change): (readonly [field: string, address: string])[] {
  return changed.flatMap((name) => {
    const meta = entity.fields.get(name)?.meta;
    const value = after?.[name];
    return meta?.type === 'email' && meta['checkMx'] === true && typeof value === 'string' ? [[name, value] as const] : [];
  });
}
