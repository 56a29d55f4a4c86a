// The OpenFeature provider over the flags that this process holds: booleans only, resolved without waiting for anything.
import {
  type EvaluationContext,
  FlagNotFoundError,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  type ResolutionDetails,
  StandardResolutionReasons,
  TargetingKeyMissingError,
  TypeMismatchError,
} from '@openfeature/server-sdk';
import { decide, type Flag, type Subject } from './flag.ts';

export interface FlagSource {
  /** The flag of a key, if there is a record of it. */
  readonly flag: (key: string) => Flag | undefined;
  /** Whether there is a feature with this key: without a flag it is on. */
  readonly isFeature: (key: string) => boolean;
}

export interface FlagProvider extends Provider {
  readonly events: OpenFeatureEventEmitter;
  /** Tells clients which keys may resolve to something else now. */
  changed(keys: readonly string[]): void;
  /** Tells clients that the flags cannot be read any more; those read last go on counting. */
  stale(message: string): void;
  /** Takes `stale` back. */
  ready(): void;
}

/**
 * Variants are `on` and `off`; reasons are STATIC and DISABLED for flags that say the same of everybody, TARGETING_MATCH, SPLIT
 * and DEFAULT for the others, DEFAULT also for a feature without a flag.
 * @throws (when resolving) FlagNotFoundError for a key that is no feature's, TargetingKeyMissingError for a percentage of nobody
 * in particular, TypeMismatchError for anything but a boolean: clients answer with their default then
 */
export function flagProvider(source: FlagSource): FlagProvider {
  const events = new OpenFeatureEventEmitter();
  return {
    metadata: { name: 'formwork' },
    runsOn: 'server',
    events,
    resolveBooleanEvaluation: async (key, _default, context) => resolve(source, key, context),
    resolveStringEvaluation: (key) => onlyBoolean(key),
    resolveNumberEvaluation: (key) => onlyBoolean(key),
    resolveObjectEvaluation: <T extends JsonValue>(key: string) => onlyBoolean<T>(key),
    changed: (flagsChanged) => events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flagsChanged] }),
    stale: (message) => events.emit(ProviderEvents.Stale, { message }),
    ready: () => events.emit(ProviderEvents.Ready),
  };
}

function resolve(source: FlagSource, key: string, context: EvaluationContext): ResolutionDetails<boolean> {
  const flag = source.flag(key);
  if (flag === undefined) {
    if (!source.isFeature(key)) throw new FlagNotFoundError(`There is no feature "${key}"`);
    return { value: true, variant: 'on', reason: StandardResolutionReasons.DEFAULT };
  }
  const decision = decide(flag, subjectOf(context));
  if (decision === undefined) throw new TargetingKeyMissingError(`"${key}" is on for a percentage, which takes a targetingKey`);
  return { ...decision, variant: decision.value ? 'on' : 'off' };
}

const subjectOf = ({ targetingKey, roles, teams }: EvaluationContext): Subject => ({
  targetingKey,
  roles: texts(roles),
  teams: texts(teams),
});

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

async function onlyBoolean<T>(key: string): Promise<ResolutionDetails<T>> {
  throw new TypeMismatchError(`"${key}" is on or off: ask for a boolean`);
}
