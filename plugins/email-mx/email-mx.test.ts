// The hook of email-mx as the repository calls it, with the library's members as records.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../server/metadata/load-registry.ts';
import type { Entity, Registry } from '../../server/metadata/registry.ts';
import { packageRoot } from '../../server/package-root.ts';
import { loadPlugins, pluginHooks } from '../../server/plugins/load-plugins.ts';
import type { Issue } from '../../server/problem.ts';
import { type Source, systemContext } from '../../server/repository/context.ts';
import { type DnsServer, startDnsServer } from '../../test/support/dns-server.ts';

let dns: DnsServer;
let registry: Registry;
beforeAll(async () => {
  dns = await startDnsServer({ 'mail.test': { MX: 'mx.mail.test' }, 'null.test': { MX: '' } });
  registry = await loadRegistry({ metadataDir: join(packageRoot(), 'test', 'fixtures', 'library') });
});
afterAll(() => dns.close());

/** The library's members, whose address asks for the check or does not. */
function members(checkMx: boolean): Entity {
  const entity = registry.entities.get('members');
  const email = entity?.fields.get('email');
  if (entity === undefined || email === undefined) throw new Error('The library has no members with an e-mail address');
  const fields = new Map(entity.fields).set('email', { ...email, meta: { ...email.meta, checkMx } });
  return { ...entity, fields };
}

async function prepare(
  email: string | null,
  over: { source?: Source; changed?: string[]; checkMx?: boolean; toggle?: string } = {},
) {
  const { source = 'api', changed = ['email'], checkMx = true, toggle } = over;
  const environment = { FORMWORK_DNS_SERVERS: dns.address, FORMWORK_EMAIL_MX: toggle, FORMWORK_EMAIL_MX_BUDGET_MS: '10000' };
  const plugins = await loadPlugins({ names: ['email-mx'], environment, log: () => undefined });
  const issues: Issue[] = [];
  for (const hooks of pluginHooks(plugins)) {
    const change = { operation: 'create', entity: members(checkMx), id: 'x', before: null, after: { email }, changed } as const;
    issues.push(...((await hooks.prepare?.(systemContext(registry, source), change)) ?? []));
  }
  return issues;
}

describe('an e-mail address', () => {
  test('at a domain that takes mail passes', async () => expect(await prepare('a@mail.test')).toEqual([]));

  test('at a domain that does not exist is refused on its field', async () => {
    const detail = 'The domain nowhere.test does not exist or takes no e-mail.';
    expect(await prepare('a@nowhere.test')).toEqual([{ pointer: '/email', code: 'email_domain', detail }]);
  });

  test('at a domain that says it takes no mail is refused', async () => {
    expect(await prepare('a@null.test')).toMatchObject([{ pointer: '/email', code: 'email_domain' }]);
  });

  test.each([
    ['was not changed', { changed: ['last_name'] }],
    ['stands in a field that does not ask for the check', { checkMx: false }],
    ['comes from an import', { source: 'import' as const }],
    ['belongs to the demo data', { source: 'demo' as const }],
    ['is written while the check is off', { toggle: 'off' }],
  ])('that %s is not asked for', async (_what, over) => {
    const before = dns.questions.length;
    expect(await prepare('a@nowhere.test', over)).toEqual([]);
    expect(dns.questions.length).toBe(before);
  });

  test('that is taken away is not asked for', async () => expect(await prepare(null)).toEqual([]));
});

describe('the environment', () => {
  test.each([
    ['FORMWORK_EMAIL_MX', 'maybe', 'allowed: on or off'],
    ['FORMWORK_EMAIL_MX_BUDGET_MS', '0', 'allowed: a whole number from 1 to 99999'],
    ['FORMWORK_DNS_SERVERS', 'dns.example', 'allowed: IP addresses'],
  ])('refuses a wrong %s by name', async (variable, value, allowed) => {
    const loading = loadPlugins({ names: ['email-mx'], environment: { [variable]: value }, log: () => undefined });
    await expect(loading).rejects.toThrow(`The plugin email-mx cannot be loaded. ${variable} is "${value}"; ${allowed}`);
  });

  test('may be left empty', async () => {
    const plugins = await loadPlugins({ names: ['email-mx'], environment: { FORMWORK_EMAIL_MX: '' }, log: () => undefined });
    expect(pluginHooks(plugins).map(({ name }) => name)).toEqual(['plugin email-mx']);
  });
});
