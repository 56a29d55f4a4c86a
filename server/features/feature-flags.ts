// The flags as this process holds them: read from the database, followed by NOTIFY and a poll, evaluated through OpenFeature.
import { randomUUID } from 'node:crypto';
import { type Client, type EvaluationDetails, NOOP_PROVIDER, OpenFeature } from '@openfeature/server-sdk';
import type { Knex } from 'knex';
import { listen } from '../database/listen.ts';
import { oneLook } from '../database/one-look.ts';
import {
  currentFeature,
  type Feature,
  type FlagSubject,
  featuresOf,
  nothingOff,
  type OffFeatures,
} from '../metadata/features.ts';
import { kept } from '../metadata/kept.ts';
import { perRegistry, type Registry, type RegistryHolder } from '../metadata/registry.ts';
import type { AppMetadata } from '../metadata/types.ts';
import { run } from '../repository/statement.ts';
import type { Log } from '../telemetry/log.ts';
import { type Flag, isForAll } from './flag.ts';
import { flagProvider } from './provider.ts';
import { markOfFlags, readFlags } from './read-flags.ts';
import { telemetryHook } from './telemetry.ts';

export interface FeatureFlagsOptions {
  readonly registry: RegistryHolder;
  readonly knex: Knex;
  /** A direct connection, for LISTEN. */
  readonly url: string;
  readonly log: Pick<Log, 'debug' | 'warn'>;
  /** Names of the features that plugins declare. */
  readonly declared: readonly string[];
}

export interface Evaluated extends Pick<EvaluationDetails<boolean>, 'reason' | 'variant' | 'errorCode'> {
  readonly name: string;
  /** `unknown`: there is a flag, but no feature of its name (yet). */
  readonly kind: Feature['kind'] | 'unknown';
  readonly key: string;
  readonly on: boolean;
}

export interface FeatureFlags {
  /** OpenFeature's own door, for plugins. Keys have the application's `flagPrefix`. */
  readonly client: Client;
  /** Names of everything that a flag may switch. */
  known(): ReadonlyMap<string, Feature>;
  /** The features that are off for somebody, a moment ago at most. */
  offFor(subject: FlagSubject): Promise<OffFeatures> | OffFeatures;
  /** Whether a feature is on for somebody; for nobody in particular (undefined) only where it is on for all. */
  isOn(feature: string, subject?: FlagSubject): Promise<boolean>;
  /** Every feature as it is for somebody, with OpenFeature's reason, in the order of their names. */
  evaluate(subject: FlagSubject): Promise<readonly Evaluated[]>;
  /** Reads the flags, and from then on whatever becomes of them within a second. @returns how it ends */
  follow(): Promise<() => Promise<void>>;
  /** Reads what was written up to now, where it is followed. */
  refresh(): Promise<void>;
  /** After a flag was written: every process hears of it, and this one has read it when this resolves. */
  announce(): Promise<void>;
}

/** The time that a lost message costs. */
const pollMs = 250;
const keptCallers = 10_000;
const keptSets = 1_000;

interface Snapshot {
  readonly registry: Registry | undefined;
  readonly mark: string;
  /** For everybody. */
  readonly off: OffFeatures;
  /** Those that say different things of different people. */
  readonly varying: readonly Flag[];
  /** What those say, by caller. */
  readonly callers: ReturnType<typeof kept<Promise<OffFeatures>>>;
}

/** Until `follow`, and so in commands, everything is on. */
export function featureFlags({ registry, knex, url, log, declared }: FeatureFlagsOptions): FeatureFlags {
  const { app } = registry.current();
  // The SDK has one table of providers a process, in which every application of a process has its own place.
  const domain = `${app.name}-${randomUUID()}`;
  const client = OpenFeature.getClient(domain);
  client.addHooks(telemetryHook(app.telemetryNamespace, log));
  const sets = kept<OffFeatures>(keptSets);
  let followed = false;
  /** By key. */
  let flags: ReadonlyMap<string, Flag> = new Map();
  let snapshot: Snapshot = { registry: undefined, mark: '', off: nothingOff, varying: [], callers: kept(1) };

  const plugins = declared.map((name): [string, Feature] => [name, { name, kind: 'plugin', entities: [] }]);
  const knownIn = perRegistry((of): ReadonlyMap<string, Feature> => new Map([...plugins, ...featuresOf(of)]));
  const known = (): ReadonlyMap<string, Feature> => knownIn(registry.current());
  const keyOf = (feature: string): string => app.flagPrefix + feature;
  const isFeature = (key: string): boolean => key.startsWith(app.flagPrefix) && known().has(key.slice(app.flagPrefix.length));
  const provider = flagProvider({ flag: (key) => flags.get(key), isFeature });

  const nameNow = (name: string): string => currentFeature(registry.current(), name);

  /** Equal sets are one object. */
  function setOf(names: Iterable<string>): OffFeatures {
    const sorted = [...new Set(names)].sort();
    return sorted.length === 0 ? nothingOff : sets(sorted.join(), () => ({ key: sorted.join(), names: new Set(sorted) }));
  }

  const detailsOf = (feature: string, subject?: FlagSubject) =>
    client.getBooleanDetails(keyOf(feature), false, subject === undefined ? {} : evaluationContext(subject));

  async function offAmong(asked: readonly Flag[], subject?: FlagSubject): Promise<readonly string[]> {
    const details = await Promise.all(asked.map(({ name }) => detailsOf(nameNow(name), subject)));
    return asked.filter((_, at) => details[at]?.value === false).map(({ name }) => name);
  }

  async function look(): Promise<void> {
    const current = registry.current();
    const mark = await markOfFlags(knex, current);
    if (mark === snapshot.mark && current === snapshot.registry) return;
    const before = flags;
    flags = byKey(current, await readFlags(knex, current));
    const all = [...flags.values()];
    const off = setOf(await offAmong(all.filter(isForAll)));
    const callers = kept<Promise<OffFeatures>>(keptCallers);
    snapshot = { registry: current, mark, off, varying: all.filter((flag) => !isForAll(flag)), callers };
    provider.changed(changedKeys(before, flags));
  }

  const refresh = oneLook(look);

  let lost = false;
  async function quietly(): Promise<void> {
    try {
      await refresh();
      if (lost) provider.ready();
      lost = false;
    } catch (error) {
      if (!lost) log.warn({ err: error }, 'The feature flags could not be read; those of before go on counting');
      if (!lost) provider.stale('The database does not answer');
      lost = true;
    }
  }

  async function follow(): Promise<() => Promise<void>> {
    await OpenFeature.setProviderAndWait(domain, provider);
    // Read before it is followed, so that nothing is left behind where that fails.
    await refresh();
    const listener = await listen(url, flagsChannel(app), () => void quietly(), { onConnect: () => void quietly() });
    followed = true;
    let polling: Promise<void> | undefined;
    const timer = setInterval(() => {
      polling ??= quietly().finally(() => {
        polling = undefined;
      });
    }, pollMs);
    return async () => {
      followed = false;
      clearInterval(timer);
      await listener.close();
      await Promise.allSettled([polling, refresh.settled()]);
      OpenFeature.setProvider(domain, NOOP_PROVIDER);
    };
  }

  function offFor(subject: FlagSubject): Promise<OffFeatures> | OffFeatures {
    const { off, varying, callers } = snapshot;
    if (varying.length === 0) return off;
    const { id, roles, reach } = subject;
    return callers(JSON.stringify([id, roles, reach.teams]), async () =>
      setOf([...off.names, ...(await offAmong(varying, subject))]),
    );
  }

  return {
    client,
    known,
    offFor,
    isOn: async (feature, subject) => !followed || (await detailsOf(feature, subject)).value,
    evaluate: (subject) => {
      const names = new Set([...known().keys(), ...[...flags.values()].map(({ name }) => nameNow(name))]);
      const one = async (name: string): Promise<Evaluated> => {
        const { value, reason, variant, errorCode } = await detailsOf(name, subject);
        const kind = known().get(name)?.kind ?? 'unknown';
        return { name, kind, key: keyOf(name), on: value, ...definedOnly({ reason, variant, errorCode }) };
      };
      return Promise.all([...names].sort().map(one));
    },
    follow,
    refresh: async () => (followed ? refresh() : undefined),
    announce: async () => {
      await run(knex, { text: 'SELECT pg_notify($1, $2)', values: [flagsChannel(app), ''] });
      if (followed) await refresh();
    },
  };
}

/** Channel on which processes hear that flags were written. */
const flagsChannel = (app: AppMetadata): string => `${app.prefix}feature_flags`;

/** OpenFeature's word for who asks: roles and teams stand beside the targeting key. */
const evaluationContext = ({ id, roles, reach }: FlagSubject) => ({
  targetingKey: id,
  roles: [...roles],
  teams: [...reach.teams],
});

/** By the key of today; of a flag made before its entity was renamed and one made since, the newer counts. */
const byKey = (registry: Registry, flags: readonly Flag[]): ReadonlyMap<string, Flag> =>
  new Map(flags.map((flag) => [registry.app.flagPrefix + currentFeature(registry, flag.name), flag]));

function changedKeys(before: ReadonlyMap<string, Flag>, after: ReadonlyMap<string, Flag>): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)));
}

const definedOnly = <T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
