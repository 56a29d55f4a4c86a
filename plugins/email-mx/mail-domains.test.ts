// Verdicts on domains, from a real DNS server on loopback.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DnsServer, startDnsServer } from '../../test/support/dns-server.ts';
import { lifetimes, mailDomains } from './mail-domains.ts';

let dns: DnsServer;
beforeAll(async () => {
  dns = await startDnsServer({
    'mail.test': { MX: 'mx.mail.test' },
    'null.test': { MX: '' },
    'host.test': { A: '192.0.2.1' },
    'six.test': { AAAA: '20010db8000000000000000000000001' },
    'empty.test': {},
    'broken.test': { rcode: 2 },
    'silent.test': { silent: true },
    'xn--mnchen-3ya.test': { MX: 'mx.mail.test' },
  });
});
afterAll(() => dns.close());

/** Long enough that a busy machine changes no verdict. */
const budget = 10_000;
const ask = (domain: string): Promise<string> => mailDomains({ servers: [dns.address], budget }).verdict(domain);
const askedFor = (name: string): string[] => dns.questions.filter((question) => question.startsWith(`${name} `));

describe('a domain', () => {
  test('with a mail server is accepted', async () => expect(await ask('mail.test')).toBe('accepted'));
  test('that does not exist is refused', async () => expect(await ask('nowhere.test')).toBe('refused'));
  test('with a null MX is refused', async () => expect(await ask('null.test')).toBe('refused'));
  test('without MX but with an IPv4 address is accepted', async () => expect(await ask('host.test')).toBe('accepted'));
  test('without MX but with an IPv6 address is accepted', async () => expect(await ask('six.test')).toBe('accepted'));
  test('with neither MX nor address is refused', async () => expect(await ask('empty.test')).toBe('refused'));
  test('whose servers fail is unverified', async () => expect(await ask('broken.test')).toBe('unverified'));
  test('that no server answers for in time is unverified', async () => {
    expect(await mailDomains({ servers: [dns.address], budget: 20 }).verdict('silent.test')).toBe('unverified');
  });
  test('in another script is asked for in its ASCII form', async () => expect(await ask('münchen.test')).toBe('accepted'));
  test('that no domain name can be is refused without a question', async () => {
    expect(await ask('a b.test')).toBe('refused');
    expect(askedFor('a b.test')).toEqual([]);
  });
});

test('without any DNS server domains are unverified', async () => {
  const closed = await startDnsServer({});
  await closed.close();
  expect(await mailDomains({ servers: [closed.address], budget }).verdict('mail.test')).toBe('unverified');
});

test('an answer is remembered for its lifetime, in any case of letters', async () => {
  let now = 0;
  const domains = mailDomains({ servers: [dns.address], budget, now: () => now });
  const before = askedFor('mail.test').length;
  await domains.verdict('mail.test');
  now = lifetimes.accepted - 1;
  await domains.verdict('MAIL.test');
  expect(askedFor('mail.test').length - before).toBe(1);
  now = lifetimes.accepted;
  await domains.verdict('mail.test');
  expect(askedFor('mail.test').length - before).toBe(2);
});

test('a silent DNS is not asked again by the very next write', async () => {
  let now = 0;
  const domains = mailDomains({ servers: [dns.address], budget: 20, now: () => now });
  const before = askedFor('silent.test').length;
  await domains.verdict('silent.test');
  await domains.verdict('silent.test');
  expect(askedFor('silent.test').length - before).toBe(1);
  now = lifetimes.unverified;
  await domains.verdict('silent.test');
  expect(askedFor('silent.test').length - before).toBe(2);
});

test('the same domain twice at the same time is one question', async () => {
  const domains = mailDomains({ servers: [dns.address], budget });
  const before = askedFor('mail.test').length;
  expect(await Promise.all([domains.verdict('mail.test'), domains.verdict('mail.test')])).toEqual(['accepted', 'accepted']);
  expect(askedFor('mail.test').length - before).toBe(1);
});
