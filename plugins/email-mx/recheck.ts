// Checks again what could not be checked when it was written: addresses of imports, and those that a silent DNS let through.
import type { Entity } from '../../server/metadata/registry.ts';
import type { PluginServices, RunningServices } from '../../server/plugins/plugin.ts';
import { Problem } from '../../server/problem.ts';
import { parseListQuery } from '../../server/query/parse.ts';
import { type Context, systemContext } from '../../server/repository/context.ts';
import { domainOf, type MailDomains } from './mail-domains.ts';
import { checkedFields, statusField, statusOf } from './status.ts';

export interface RecheckServices extends RunningServices {
  readonly domains: MailDomains;
  readonly log: PluginServices['log'];
}

/** Domains that are asked for at the same time. */
const page = 100;
/** What is left then waits for the next turn. */
const longestMs = 90_000;

/** Goes through all that is unverified once; what still gets no answer stays so. */
export async function recheck(services: RecheckServices, signal: AbortSignal): Promise<void> {
  const context = systemContext(services.registry.current());
  const until = Date.now() + longestMs;
  for (const entity of context.registry.entities.values())
    for (const name of checkedFields(entity))
      if (entity.fields.has(statusField(name)))
        await recheckField(services, context, entity, name, () => signal.aborted || Date.now() > until);
}

async function recheckField(
  services: RecheckServices,
  context: Context,
  entity: Entity,
  name: string,
  over: () => boolean,
): Promise<void> {
  const status = statusField(name);
  let after = '';
  for (;;) {
    const words = {
      [`${status}[eq]`]: 'unverified',
      fields: `id,version,${name}`,
      sort: 'id',
      limit: String(page),
      ...(after === '' ? {} : { after }),
    };
    const found = await services.repository.list(context, parseListQuery(context.registry, entity, new URLSearchParams(words)));
    const records = found.rows.map((row) => JSON.parse(row) as { id: string; version: number } & Record<string, string | null>);
    await Promise.all(
      records.map(async (record) => {
        const address = record[name];
        const verdict = address == null ? 'refused' : await services.domains.verdict(domainOf(address));
        if (verdict !== 'unverified')
          await keep(services, context, entity, record, { [status]: address == null ? null : statusOf(verdict) });
      }),
    );
    if (found.page.next === null || over()) return;
    after = found.page.next;
  }
}

/** A record that somebody has changed meanwhile is left to the next turn. */
async function keep(
  { repository, log }: RecheckServices,
  context: Context,
  entity: Entity,
  { id, version }: { readonly id: string; readonly version: number },
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    await repository.update(context, entity.name, id, values, { ifVersion: version });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== 'stale_version' && error.code !== 'not_found')
      log('What is known of an e-mail address could not be kept', { entity: entity.name, id, problem: error.code });
  }
}
