// The npsp set: everything arrives with its references, bad phones are reported and nothing else, and twice is once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { dataFile, type Imported, imports } from './import-support.ts';

/** mapping, file, rows, values left out of rows that are kept */
const files = [
  ['imp_npsp_accounts', 'npsp/Account.csv', 1223, 0],
  ['imp_npsp_contacts', 'npsp/Contact.csv', 1024, 477],
  ['imp_npsp_campaigns', 'npsp/Campaign.csv', 13, 0],
  ['imp_npsp_opportunities', 'npsp/Opportunity.csv', 1517, 0],
  ['imp_npsp_opportunity_contacts', 'npsp/OpportunityContactRole.csv', 3499, 0],
  ['imp_npsp_campaign_members', 'npsp/CampaignMember.csv', 1699, 0],
] as const;
const present = dataFile('npsp/Account.csv') !== undefined;

describe('the npsp set', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  const importAll = async (): Promise<readonly Imported[]> => {
    const results: Imported[] = [];
    for (const [mapping, file] of files) results.push(await imports(app, mapping, { path: dataFile(file) ?? '' }));
    return results;
  };
  const count = async (sql: string): Promise<number> => Number((await app.knex.raw<{ rows: { n: string }[] }>(sql)).rows[0]?.n);

  (present ? test : test.skip)(
    'imports whole with its references, reports the values that it leaves out, and a second time changes nothing',
    async () => {
      const first = await importAll();
      expect(first.map(({ rejects: _rejects, duplicates: _duplicates, ...totals }) => totals)).toEqual(
        files.map(([, , rows, left]) => ({
          read: rows,
          accepted: rows,
          skipped: 0,
          rejected: 0,
          created: rows,
          updated: 0,
          unchanged: 0,
          fieldsRejected: left,
        })),
      );
      const { rejects } = first[1] as Imported;
      expect(rejects[0]).toEqual({
        row: 3,
        field: 'phone',
        value: '3-(902)296-6183',
        code: 'phone',
        reason: expect.stringContaining('not a valid phone number'),
        rowRejected: false,
      });
      // The set has thirteen addresses twice; the first to come keeps it.
      expect(rejects.filter(({ field }) => field === 'email').map(({ code }) => code)).toEqual(Array(13).fill('same_email'));

      expect(await count('SELECT count(*) AS n FROM crm_core.crm_contacts WHERE account_id IS NULL')).toBe(0);
      expect(await count('SELECT count(DISTINCT opportunity_id) AS n FROM crm_core.crm_opportunity_contacts')).toBe(1325);
      const [{ data: one }] = [
        (await app.request('GET', '/contacts?external_id[eq]=2&include=account,opportunity_roles.opportunity')).body,
      ] as never as [{ data: readonly Record<string, unknown>[] }];
      expect(one?.[0]).toMatchObject({ first_name: 'Anna', last_name: 'Kelly', phone: null, account: { external_id: '81' } });

      const before = await count('SELECT count(*) AS n FROM crm_core.crm_auditlog');
      const second = await importAll();
      expect(second.map(({ unchanged, fieldsRejected }) => [unchanged, fieldsRejected])).toEqual(
        files.map(([, , rows, left]) => [rows, left]),
      );
      expect(second.map((result) => result.rejects)).toEqual(first.map((result) => result.rejects));
      expect(await count('SELECT count(*) AS n FROM crm_core.crm_auditlog')).toBe(before);
    },
    300_000,
  );
});
