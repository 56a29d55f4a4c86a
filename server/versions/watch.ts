// Follows what is published: hears of it, builds the registry beside the one that serves, swaps the reference, acknowledges.
import { type Listener, listen } from '../database/listen.ts';
import { oneLook } from '../database/one-look.ts';
import { errorCode } from '../error-code.ts';
import type { Registry, RegistryHolder } from '../metadata/registry.ts';
import { Problem } from '../problem.ts';
import { publicationsAhead } from './ahead.ts';
import { tellFailure } from './attempts.ts';
import { continueInterrupted } from './continue.ts';
import type { Queries } from './documents.ts';
import { node } from './node.ts';
import { metadataChannel, newestPublication, newestSerial, type Publication } from './publications.ts';
import { registryBuilder } from './published.ts';
import { timingOf, type VersionServices } from './services.ts';

export interface WatchOptions {
  readonly services: VersionServices;
  readonly holder: RegistryHolder;
  /** A worker also goes on with versions that a killed process left. */
  readonly kind: 'node' | 'worker';
  /** Whether a node does so, too: where no worker runs beside it. */
  readonly continues?: boolean;
  /** Makes ready what requests would else wait for, before the registry is served. A failure means that it cannot be served. */
  readonly prepare?: (registry: Registry) => Promise<void>;
}

export interface Served {
  /** Of the publication that is served; 0 before the first. */
  readonly serial: number;
  readonly newest: { readonly serial: number; readonly version: number; readonly registryVersion: string } | undefined;
  /** Why the newest publication cannot be served by this process. */
  readonly refusal: string | undefined;
}

export interface VersionWatcher {
  /** This process among the nodes. */
  readonly id: string;
  /** Looks now; true: the holder was given another registry by this look. */
  refresh(): Promise<boolean>;
  state(): Served;
  stop(): Promise<void>;
}

/** Every how many looks it tells that it lives, and a worker looks for what was left half way. */
const beatEvery = 4;
/** Every how many looks it tries again what it could not serve. */
const refusedEvery = 30;

/**
 * Serves what is published from now on: by NOTIFY, and by a poll where a message was lost. When this process's code cannot
 * serve a publication, the registry before goes on serving, and the publication is not acknowledged.
 * @throws the driver's error when the first connection fails
 */
export async function watchVersions({ services, holder, kind, continues, prepare }: WatchOptions): Promise<VersionWatcher> {
  const { app, log, url } = services;
  const self = node(app, kind);
  const builder = registryBuilder(services);
  let serving = 0;
  let acknowledged = 0;
  let foreseen = 0;
  let newest: Publication | undefined;
  let refusal: string | undefined;
  let stopped = false;
  let listener: Listener | undefined;
  const session: Queries = {
    query: (text, values) => listener?.query(text, values) ?? Promise.reject(new Error('There is no connection yet')),
  };

  async function look(): Promise<boolean> {
    const changed = await lookAtPublications();
    await foresee();
    return changed;
  }

  async function lookAtPublications(): Promise<boolean> {
    const found = await newestPublication(session, app);
    if (found === undefined || found.serial <= serving) return false;
    newest = found;
    const changed = await serve(found);
    if (changed === undefined) return false;
    serving = found.serial;
    await acknowledge();
    return changed;
  }

  async function acknowledge(): Promise<void> {
    const serial = serving;
    await self.acknowledge(session, serial);
    acknowledged = serial;
  }

  /** What is wrong with a version to come is told when it is published, if it ever is. */
  async function foresee(): Promise<void> {
    const ahead = await publicationsAhead(session, app, foreseen);
    if (ahead === undefined) return;
    const ready = async (): Promise<void> => {
      for (const publication of ahead.publications) await prepare?.(await builder.build(session, publication));
    };
    await ready().catch(() => undefined);
    foreseen = ahead.version;
    await self.foresaw(session, foreseen);
  }

  /** Whether the holder has another registry now; undefined: it cannot be served. */
  async function serve(found: Publication): Promise<boolean | undefined> {
    const current = holder.current();
    const same = current.number === found.version && current.version === found.registryVersion && serving === 0;
    if (same && found.transition === null) return false;
    try {
      const registry = await builder.build(session, found);
      if (registry !== current) await prepare?.(registry);
      refusal = undefined;
      if (registry !== current) {
        holder.replace(registry);
        log.info({ version: found.version, serial: found.serial }, 'Other metadata are served now');
      }
      return registry !== current;
    } catch (error) {
      // A lost connection says nothing of the metadata: the next look tries again.
      if (errorCode(error) !== undefined && !(error instanceof Problem)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (refusal !== why) log.error({ err: error, version: found.version }, 'The published metadata cannot be served here');
      refusal = why;
      return undefined;
    }
  }

  const refresh = oneLook(look);

  const quietly = (): void => {
    if (stopped || listener === undefined) return;
    refresh().catch((error: unknown) => log.warn({ err: error }, 'The published metadata could not be read'));
  };

  let ticks = 0;
  async function tick(): Promise<void> {
    ticks += 1;
    if (ticks % beatEvery === 0) await self.beat(session);
    if (acknowledged < serving) await acknowledge();
    const serial = await newestSerial(session, app);
    const refused = refusal !== undefined && serial === newest?.serial;
    if (serial > serving && (!refused || ticks % refusedEvery === 0)) quietly();
  }

  let continuing: Promise<void> | undefined;
  /** Beside the looks: it may take as long as a large index. */
  function goOn(): void {
    continuing ??= continueInterrupted(services)
      .catch(tellFailure(services, 'A version that was interrupted could not be gone on with'))
      .finally(() => {
        continuing = undefined;
      });
  }

  listener = await listen(url, metadataChannel(app), quietly, {
    onOpen: (query) => self.register({ query }, serving),
    onError: (error) => log.warn({ err: error }, 'The connection for news of the metadata was lost'),
  });
  let ticking: Promise<void> | undefined;
  const timer = setInterval(() => {
    ticking ??= tick()
      .catch((error: unknown) => log.warn({ err: error }, 'The published metadata could not be looked at'))
      .finally(() => {
        ticking = undefined;
      });
    if (ticks % beatEvery === 0 && (kind === 'worker' || continues === true)) goOn();
  }, timingOf(services).pollMs);
  await refresh();
  return {
    id: self.id,
    refresh,
    state: () => ({ serial: serving, newest, refusal }),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await Promise.allSettled([ticking, continuing, refresh.settled()]);
      await self.leave(session).catch(() => undefined);
      await listener?.close();
    },
  };
}
