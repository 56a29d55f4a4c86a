// The provider under OpenFeature's own client: types, reasons, variants, defaults, errors, events.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, NOOP_PROVIDER, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk';
import type { Flag } from '../../server/features/flag.ts';
import { type FlagProvider, flagProvider } from '../../server/features/provider.ts';
import { telemetryHook } from '../../server/features/telemetry.ts';

const plain = { enabled: true, roles: [], percentage: null, users: [], teams: [] };
const flag = (name: string, over: Partial<Flag> = {}): [string, Flag] => [`x_${name}`, { name, id: name, ...plain, ...over }];

const flags = new Map([
  flag('plain'),
  flag('disabled', { enabled: false, users: ['ada'] }),
  flag('by_role', { roles: ['clerk'] }),
  flag('by_user', { users: ['ada'] }),
  flag('by_team', { teams: ['north'] }),
  flag('nobody', { percentage: 0 }),
  flag('everybody', { percentage: 100 }),
  flag('role_or_user', { roles: ['clerk'], users: ['ada'] }),
  flag('half_of_clerks', { roles: ['clerk'], percentage: 0 }),
]);

const domain = 'provider test';
let client: Client;
let provider: FlagProvider;
const lines: { level: string; line: Readonly<Record<string, unknown>> }[] = [];

beforeAll(async () => {
  provider = flagProvider({ flag: (key) => flags.get(key), isFeature: (key) => key === 'x_without' || flags.has(key) });
  await OpenFeature.setProviderAndWait(domain, provider);
  client = OpenFeature.getClient(domain);
  const note = (level: string) => (line: object) => void lines.push({ level, line: line as never });
  client.addHooks(telemetryHook('shop', { debug: note('debug'), warn: note('warn') } as never));
});
afterAll(() => {
  OpenFeature.setProvider(domain, NOOP_PROVIDER);
});

describe('a boolean', () => {
  const ada = { targetingKey: 'ada', roles: ['guest'], teams: ['south'] };
  const bob = { targetingKey: 'bob', roles: ['clerk'], teams: ['north'] };

  test.each([
    ['without a flag', 'without', ada, { value: true, variant: 'on', reason: 'DEFAULT' }],
    ['on for all', 'plain', ada, { value: true, variant: 'on', reason: 'STATIC' }],
    ['disabled, also for those who are named', 'disabled', ada, { value: false, variant: 'off', reason: 'DISABLED' }],
    ['for a role that one has', 'by_role', bob, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['for a role that one has not', 'by_role', ada, { value: false, variant: 'off', reason: 'DEFAULT' }],
    ['for oneself', 'by_user', ada, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['for somebody else', 'by_user', bob, { value: false, variant: 'off', reason: 'DEFAULT' }],
    ['for one’s team', 'by_team', bob, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['for another team', 'by_team', ada, { value: false, variant: 'off', reason: 'DEFAULT' }],
    ['for none of a hundred', 'nobody', bob, { value: false, variant: 'off', reason: 'SPLIT' }],
    ['for all of a hundred', 'everybody', bob, { value: true, variant: 'on', reason: 'SPLIT' }],
    ['for oneself beside a role that one has not', 'role_or_user', ada, { value: true, reason: 'TARGETING_MATCH' }],
    ['for a share of a role that one has', 'half_of_clerks', bob, { value: false, reason: 'SPLIT' }],
    ['for a share of a role that one has not', 'half_of_clerks', ada, { value: false, reason: 'DEFAULT' }],
  ])('%s', async (_title, name, subject, expected) => {
    expect(await client.getBooleanDetails(`x_${name}`, !expected.value, subject)).toMatchObject(expected);
  });

  test('of an unknown key is the default, with the error that says why', async () => {
    for (const value of [true, false])
      expect(await client.getBooleanDetails('x_unknown', value)).toMatchObject({
        ...{ value, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', errorMessage: 'There is no feature "x_unknown"' },
      });
  });

  test('of nobody in particular takes no percentage', async () => {
    expect(await client.getBooleanDetails('x_everybody', false)).toMatchObject({
      ...{ value: false, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' },
    });
    expect(await client.getBooleanDetails('x_by_role', true)).toMatchObject({ value: false, reason: 'DEFAULT' });
  });

  test('is not misled by a context of other types', async () => {
    const odd = { targetingKey: 'ada', roles: 'clerk', teams: [1, null, 'north'] };
    expect(await client.getBooleanDetails('x_by_role', true, odd as never)).toMatchObject({ value: false, reason: 'DEFAULT' });
    expect(await client.getBooleanValue('x_by_team', false, odd as never)).toBe(true);
  });
});

test('anything else is of another type: the default, and the error', async () => {
  const mismatch = { reason: 'ERROR', errorCode: 'TYPE_MISMATCH' };
  expect(await client.getStringDetails('x_plain', 'a')).toMatchObject({ value: 'a', ...mismatch });
  expect(await client.getNumberDetails('x_plain', 1)).toMatchObject({ value: 1, ...mismatch });
  expect(await client.getObjectDetails('x_plain', { a: 1 })).toMatchObject({ value: { a: 1 }, ...mismatch });
});

test('clients hear of changes, and of flags that cannot be read for a while', async () => {
  const heard: unknown[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (details) => void heard.push(details?.flagsChanged));
  client.addHandler(ProviderEvents.Stale, (details) => void heard.push(details?.message));
  provider.changed(['x_plain']);
  provider.stale('no answer');
  expect(client.providerStatus).toBe(ProviderStatus.STALE);
  provider.ready();
  expect(client.providerStatus).toBe(ProviderStatus.READY);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([['x_plain'], 'no answer']);
});

test('each evaluation is told to the log under the namespace of the application', async () => {
  lines.length = 0;
  await client.getBooleanValue('x_plain', false, { targetingKey: 'ada' });
  await client.getBooleanValue('x_unknown', false);
  expect(lines).toMatchObject([
    {
      level: 'debug',
      line: {
        event: 'shop.feature_flag.evaluation',
        'feature_flag.key': 'x_plain',
        'feature_flag.result.reason': 'static',
        'feature_flag.result.variant': 'on',
        'feature_flag.provider.name': 'formwork',
        'feature_flag.context.id': 'ada',
      },
    },
    { level: 'warn', line: { 'feature_flag.key': 'x_unknown', 'error.type': 'flag_not_found' } },
  ]);
});
