// Asks the DNS whether a domain takes mail, within a time budget, and remembers the answers for a while.
import { Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';

/** `unverified`: the DNS gave no answer in time; nothing speaks against the domain. */
export type Verdict = 'accepted' | 'refused' | 'unverified';

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

export interface MailDomainOptions {
  readonly servers?: readonly string[];
  /** Milliseconds for all questions about one domain. */
  readonly budget: number;
  /** Milliseconds since some start, for the age of answers. */
  readonly now?: () => number;
}

export interface MailDomains {
  verdict(domain: string): Promise<Verdict>;
  /** What is remembered of the domain; undefined where it would have to be asked for. */
  known(domain: string): Verdict | undefined;
}

const mostRemembered = 10_000;
/** How long an answer counts, in milliseconds. A silent DNS is asked again soon, but not by every write. */
export const lifetimes: Readonly<Record<Verdict, number>> = { accepted: 3_600_000, refused: 600_000, unverified: 30_000 };

/** Domains are compared in their ASCII form, in any case. Questions about one domain at the same time are asked once. */
export function mailDomains({ servers, budget, now = () => performance.now() }: MailDomainOptions): MailDomains {
  const remembered = new Map<string, { readonly verdict: Verdict; readonly until: number }>();
  const asked = new Map<string, Promise<Verdict>>();

  const remember = (domain: string, verdict: Verdict): Verdict => {
    remembered.delete(domain);
    const [oldest] = remembered.keys();
    if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
    remembered.set(domain, { verdict, until: now() + lifetimes[verdict] });
    return verdict;
  };

  const known = (name: string): Verdict | undefined => {
    const domain = domainToASCII(name.toLowerCase());
    if (domain === '') return 'refused';
    const answer = remembered.get(domain);
    return answer !== undefined && now() < answer.until ? answer.verdict : undefined;
  };

  return {
    known,
    async verdict(name) {
      const answer = known(name);
      if (answer !== undefined) return answer;
      const domain = domainToASCII(name.toLowerCase());
      const asking =
        asked.get(domain) ??
        askWithin(domain, servers, budget)
          .then((verdict) => remember(domain, verdict))
          .finally(() => asked.delete(domain));
      asked.set(domain, asking);
      return asking;
    },
  };
}

async function askWithin(domain: string, servers: readonly string[] | undefined, budget: number): Promise<Verdict> {
  // A resolver for each question: cancelling one would cancel everybody's.
  const resolver = new Resolver({ timeout: budget, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), budget);
  try {
    return await ask(resolver, domain);
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 5321, 5.1: without an MX record the host itself takes the mail. RFC 7505: one MX with an empty name takes none. */
async function ask(resolver: Resolver, domain: string): Promise<Verdict> {
  const mx = await answer(resolver.resolveMx(domain));
  if (mx === 'no domain') return 'refused';
  if (mx === 'unknown') return 'unverified';
  if (mx !== 'no record') return mx.some(({ exchange }) => exchange !== '' && exchange !== '.') ? 'accepted' : 'refused';
  const hosts = await Promise.all([answer(resolver.resolve4(domain)), answer(resolver.resolve6(domain))]);
  if (hosts.some(Array.isArray)) return 'accepted';
  return hosts.includes('unknown') ? 'unverified' : 'refused';
}

async function answer<T>(question: Promise<readonly T[]>): Promise<readonly T[] | 'no domain' | 'no record' | 'unknown'> {
  try {
    return await question;
  } catch (error) {
    const code = (error as { readonly code?: string }).code;
    return code === 'ENOTFOUND' ? 'no domain' : code === 'ENODATA' ? 'no record' : 'unknown';
  }
}
