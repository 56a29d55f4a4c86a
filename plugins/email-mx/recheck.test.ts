// What email-mx knows of addresses in records: on every path, and once the DNS answers again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPluginTasks } from '../../server/app/plugin-tasks.ts';
import { startWorkingQueue } from '../../server/app/queue.ts';
import type { AutomationEntries } from '../../server/automation/catalogue.ts';
import { loadPlugins } from '../../server/plugins/load-plugins.ts';
import type { LoadedPlugin } from '../../server/plugins/plugin.ts';
import { systemContext } from '../../server/repository/context.ts';
import { startTestApp, type TestApp } from '../../test/support/app.ts';
import { type DnsServer, startDnsServer, type Zone } from '../../test/support/dns-server.ts';

const zones: Record<string, Zone> = {
  'mail.test': { MX: 'mx.mail.test' },
  'null.test': { MX: '' },
  'later.test': { silent: true },
  'broken.test': { rcode: 2 },
};
let dns: DnsServer;
let app: TestApp;
let plugins: readonly LoadedPlugin<AutomationEntries>[];
beforeAll(async () => {
  dns = await startDnsServer(zones);
  const environment = { FORMWORK_DNS_SERVERS: dns.address, FORMWORK_EMAIL_MX_BUDGET_MS: '1500' };
  plugins = await loadPlugins<AutomationEntries>({ names: ['email-mx'], environment, log: () => undefined });
  app = await startTestApp({ plugins });
});
afterAll(async () => {
  await app.stop();
  await dns.close();
});

const post = (email: string) => app.request('POST', '/contacts', { body: { last_name: 'Post', email } });
const statusOf = async (id: string): Promise<unknown> =>
  (await app.request('GET', `/contacts/${id}`)).body['data']?.['email_status'];
const sweep = (): Promise<void> => plugins[0]?.tasks?.[0]?.run(app.parts, new AbortController().signal) ?? Promise.resolve();

describe('an address that is written', () => {
  test('is valid where its domain takes mail, refused where it takes none, unverified where the DNS says nothing', async () => {
    expect((await post('a@mail.test')).body['data']?.['email_status']).toBe('valid');
    for (const domain of ['null.test', 'nowhere.test']) {
      const { status, body } = await post(`a@${domain}`);
      expect([status, body['errors']?.[0]?.['code']]).toEqual([422, 'email_domain']);
    }
    for (const domain of ['later.test', 'broken.test']) {
      const { status, body } = await post(`a@${domain}`);
      expect([status, body['data']?.['email_status']]).toEqual([201, 'unverified']);
    }
  });

  test('tells nothing once it is gone, and cannot be told about by clients', async () => {
    const { body } = await post('b@mail.test');
    const gone = await app.request('PATCH', `/contacts/${body['data']?.['id']}`, { body: { email: null } });
    expect(gone.body['data']?.['email_status']).toBeNull();
    const forged = await app.request('POST', '/contacts', { body: { last_name: 'Forger', email_status: 'valid' } });
    expect([forged.status, forged.body['errors']?.[0]?.['code']]).toEqual([422, 'read_only']);
  });
});

describe('the task of the workers', () => {
  test('checks what an import brought, and what is answered by now; what others changed is left alone', async () => {
    const imported = async (email: string): Promise<string> =>
      (
        await app.repository.create(systemContext(app.registry, 'import', { actor: app.context().actor }), 'contacts', {
          last_name: 'Import',
          email,
        })
      ).id;
    const [fine, wrong, silent] = [
      await imported('c@mail2.test'),
      await imported('c@nowhere2.test'),
      await imported('c@later2.test'),
    ];
    zones['mail2.test'] = { MX: 'mx.mail.test' };
    zones['later2.test'] = { silent: true };
    expect(await Promise.all([fine, wrong, silent].map(statusOf))).toEqual(['unverified', 'unverified', 'unverified']);
    await sweep();
    expect(await Promise.all([fine, wrong, silent].map(statusOf))).toEqual(['valid', 'undeliverable', 'unverified']);
    const { rows } = (await app.knex.raw(
      `SELECT changes FROM crm_core.crm_auditlog WHERE record_id = ? AND operation = 'update'`,
      [wrong],
    )) as {
      rows: { changes: unknown }[];
    };
    expect(rows.map(({ changes }) => changes)).toEqual([{ email_status: { before: 'unverified', after: 'undeliverable' } }]);
  });

  test('comes round by the clock in the queue', async () => {
    const jobs = await startWorkingQueue(app.parts);
    await startPluginTasks(jobs, { ...app.parts, plugins });
    const { rows } = (await app.knex.raw(`SELECT name, cron FROM crm_queue.schedule`)) as {
      rows: { name: string; cron: string }[];
    };
    expect(rows).toContainEqual({ name: 'plugin_email-mx_recheck', cron: '*/2 * * * *' });
    await jobs.stop();
  });
});
