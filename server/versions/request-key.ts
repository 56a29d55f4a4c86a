// A request that comes again under its key: it is answered with the version that it made.
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../problem.ts';
import { throwIfStopped } from './attempts.ts';
import { readAllVersions, type Version } from './journal.ts';
import type { AppliedVersion, Applying } from './request.ts';
import type { VersionServices } from './services.ts';
import { withSession } from './session.ts';

const pollMs = 100;

/** The version made under the key, or undefined. */
export async function madeBefore(services: VersionServices, key: string | undefined): Promise<Applying | undefined> {
  if (key === undefined) return undefined;
  const version = await find(services, (candidate) => candidate.requestKey === key);
  if (version === undefined) return undefined;
  if (version.status === 'undone') throw takenBack(version.number);
  const done = untilApplied(services, version.number);
  done.catch(() => undefined);
  return { number: version.number, done };
}

async function untilApplied(services: VersionServices, number: number): Promise<AppliedVersion> {
  for (;;) {
    const version = await find(services, (candidate) => candidate.number === number);
    if (version === undefined || version.status === 'undone') throw takenBack(number);
    if (version.status === 'applied') return { number, registryVersion: version.registryVersion };
    throwIfStopped(services);
    await delay(pollMs);
  }
}

async function find(services: VersionServices, wanted: (version: Version) => boolean): Promise<Version | undefined> {
  return withSession(services.knex, async (session) => (await readAllVersions(session, services.app)).find(wanted));
}

const takenBack = (number: number): Error =>
  problem('conflict', { detail: `The change could not be applied: version ${number} was taken back.` });
