// Changes the metadata: one change at a time, waited for as long as the caller wishes, answered again when asked again.
import { Problem, problem } from '../problem.ts';
import { type Actor, authorOf } from '../repository/actor.ts';
import { applyVersion } from '../versions/apply-version.ts';
import { Stopped } from '../versions/attempts.ts';
import { versionOf } from '../versions/history.ts';
import type { AppliedVersion, Applying } from '../versions/request.ts';
import { madeBefore } from '../versions/request-key.ts';
import { rollbackVersion } from '../versions/roll-back.ts';
import { registryOf } from './history.ts';
import { requireGranting, requireWriting, requireWritingOf } from './rights.ts';
import type { StudioServices } from './services.ts';
import { baseOf, requestFor, wantedOf } from './wanted.ts';

export interface Act {
  readonly actor: Actor;
  readonly baseVersion?: number;
  readonly reason?: string;
  /** The same when a request comes again; see `Context.act`. */
  readonly key?: string;
  readonly waitMs: number;
}

export interface Outcome {
  /** The version that was made; the one in force when nothing was to be changed. */
  readonly version: number;
  readonly baseVersion: number;
  /** Whether every live node serves it; false: it goes on. */
  readonly live: boolean;
  /** How many of its steps are done. */
  readonly steps: number;
}

/** The one who changes metadata in this process: a second change is refused before it takes a connection from the pool. */
export interface Changer {
  /** @throws problems `forbidden`, `validation_failed`, and `conflict` with blockers, or with Retry-After when it is a matter of time */
  apply(changes: unknown, act: Act): Promise<Outcome>;
  /** @throws as above; `not_found` for a version that never was */
  rollback(to: number, act: Act): Promise<Outcome>;
}

export function changer(services: StudioServices): Changer {
  let busy = false;

  async function alone(act: Act, open: () => Promise<Begun>): Promise<Outcome> {
    const known = await madeBefore(services.versions, act.key);
    if (known !== undefined) return told(services, { ...known, baseVersion: known.number - 1 }, act);
    if (busy) throw underWay();
    busy = true;
    const free = (): void => {
      busy = false;
    };
    let begun: Begun;
    try {
      begun = await open();
    } catch (error) {
      free();
      throw error instanceof Stopped ? leaving(error) : error;
    }
    // Also when nobody waits any more.
    const done = begun.done.finally(free);
    return told(services, { ...begun, done }, act);
  }

  return {
    apply: (changes, act) => {
      requireWriting(act.actor);
      return alone(act, () => again(act, () => open(services, changes, act)));
    },
    rollback: (to, act) => {
      requireWriting(act.actor);
      if (act.actor.system('metadata.write') !== true)
        throw problem('forbidden', { detail: 'Going back to an earlier version takes the whole right to change the metadata.' });
      return alone(act, async () => {
        const base = await baseOf(services, act.baseVersion);
        // A role or workflow of then may reach further than who goes back to it.
        const then = await registryOf(services, to);
        requireGranting(services.overreaching(act.actor, base, then));
        const applying = await rollbackVersion(services.versions, { to, baseVersion: base.number, ...signed(act) });
        return { ...applying, baseVersion: base.number };
      });
    },
  };
}

type Begun = Applying & { readonly baseVersion: number };

async function open(services: StudioServices, changes: unknown, act: Act): Promise<Begun> {
  const base = await baseOf(services, act.baseVersion);
  requireWritingOf(act.actor, base, changes);
  const wanted = await wantedOf(services, base, changes);
  requireGranting(services.overreaching(act.actor, base, wanted.registry));
  const applying = await applyVersion(services.versions, { ...requestFor(wanted, changes), ...signed(act) });
  return { ...applying, baseVersion: base.number };
}

const signed = ({ actor, reason, key }: Act) => ({
  author: authorOf(actor),
  reason: reason ?? null,
  ...(key === undefined ? {} : { requestKey: key }),
});

/** Who did not say which version they looked at means the newest, also when one has come in between. */
async function again(act: Act, work: () => Promise<Begun>): Promise<Begun> {
  try {
    return await work();
  } catch (error) {
    if (act.baseVersion !== undefined || !(error instanceof Problem) || error.extra['current'] === undefined) throw error;
    return work();
  }
}

const underWay = () =>
  problem('conflict', {
    detail: 'Another change of the metadata is under way. Try again when it is done.',
    headers: { 'Retry-After': '1' },
  });

const leaving = (cause: Stopped) =>
  problem('unavailable', { detail: 'This node goes away. Try again.', headers: { 'Retry-After': '1' }, cause });

/** What has become of it when it is done or the time is up. */
async function told(services: StudioServices, { number, done, baseVersion }: Begun, act: Act): Promise<Outcome> {
  const applied = await inTime(services, done, act.waitMs);
  const live = applied !== undefined;
  // Going back may have taken several versions; the last one is what is in force.
  const version = applied?.number ?? number;
  const steps = version === baseVersion ? [] : ((await versionOf(services.versions, version))?.steps ?? []);
  return { version, baseVersion, live, steps: steps.filter(({ status }) => status === 'applied').length };
}

/** What was applied in time; a failure in time is the caller's, a later one stands in the journal. */
async function inTime(
  services: StudioServices,
  done: Promise<AppliedVersion>,
  waitMs: number,
): Promise<AppliedVersion | undefined> {
  const { log } = services;
  const live = done.then(async (applied) => {
    await served(services);
    return applied;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), waitMs);
  });
  try {
    const applied = await Promise.race([live, late]);
    if (applied === undefined)
      live.catch((error: unknown) => log.warn({ err: error }, 'A change of the metadata was taken back'));
    return applied;
  } catch (error) {
    // This process goes away; another one goes on with it.
    if (error instanceof Stopped) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** This process serves the version and its records mirror it before anybody is told. */
async function served(services: StudioServices): Promise<void> {
  await services.refresh();
  await services.mirror(services.registry.current());
}
