// The worker: hears that events wait, claims them, runs their workflows; drains when it is stopped.
import type { Knex } from 'knex';
import { listen } from '../database/listen.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import { outboxChannel } from '../repository/outbox.ts';
import { newerRegistry } from '../repository/outdated.ts';
import type { Repository } from '../repository/repository.ts';
import type { Log } from '../telemetry/log.ts';
import { type AutomationCatalogue, automationCatalogue } from './catalogue.ts';
import { claimEvents, finishEvents, releaseEvents } from './claim.ts';
import { currentEvent } from './current-event.ts';
import type { RecordEvent } from './event.ts';
import { type HandleServices, handleEvent } from './handle.ts';
import type { RunServices } from './run.ts';
import { workflowsFor } from './workflow-index.ts';

export interface AutomationOptions {
  readonly registry: RegistryHolder;
  /** Loads the newest publication of the metadata; true: a newer registry is served now. */
  readonly refresh?: () => Promise<boolean>;
  readonly repository: Repository;
  readonly knex: Knex;
  /** A direct connection, for LISTEN. */
  readonly url: string;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly actorById: RunServices['actorById'];
  readonly actorOfRole: RunServices['actorOfRole'];
  readonly isOn?: RunServices['isOn'];
  /** Built-ins only when not given. */
  readonly catalogue?: AutomationCatalogue;
  /** Milliseconds between looks at the table when no message comes; 1,000. */
  readonly pollMs?: number;
  /** Seconds after which the events of a worker that died are taken over; 30. */
  readonly leaseSeconds?: number;
  /** Events claimed at once (100), and handled at once (4). */
  readonly batch?: number;
  readonly concurrency?: number;
  /** 5 */
  readonly maxAttempts?: number;
  /** Seconds before the second attempt, doubled with each further one; 1. */
  readonly backoffSeconds?: number;
}

export interface Automation {
  /** Finishes the events that have begun, gives the others back. */
  stop(): Promise<void>;
  /** Resolves when nothing is due any more, what the workflows themselves set off included. */
  idle(): Promise<void>;
}

/** @throws the driver's error when the first connection for LISTEN fails */
export async function startAutomation(options: AutomationOptions): Promise<Automation> {
  const { registry, knex, log, pollMs = 1_000, leaseSeconds = 30, batch = 100, concurrency = 4 } = options;
  const services: HandleServices = {
    repository: options.repository,
    knex,
    catalogue: options.catalogue ?? automationCatalogue(),
    actorById: options.actorById,
    actorOfRole: options.actorOfRole,
    isOn: options.isOn,
    maxAttempts: options.maxAttempts ?? 5,
    backoffSeconds: options.backoffSeconds ?? 1,
    onError: (message, error) => log.error({ err: error }, message),
    newer: (used, error) =>
      newerRegistry(
        { current: registry.current, ...(options.refresh === undefined ? {} : { refresh: options.refresh }) },
        used,
        error,
      ),
  };
  const { app } = registry.current();
  let stopped = false;
  let wake: () => void = () => undefined;
  let woken = false;
  let waiting: (() => void)[] = [];
  const rouse = (): void => {
    woken = true;
    wake();
  };

  /** What was tried before is looked for when somebody waits for it, else once an interval: no message tells of it. */
  let lookedAgain = 0;
  /** Claims and handles once; returns how many events there were. */
  async function pass(): Promise<number> {
    const fresh = await claimEvents(knex, app, { limit: batch, leaseSeconds, which: 'fresh' });
    await handleAll(fresh);
    const now = performance.now();
    const asked = waiting.length > 0 && fresh.length === 0;
    if (stopped || (!asked && now - lookedAgain < pollMs)) return fresh.length;
    const again = await claimEvents(knex, app, { limit: 1, leaseSeconds, which: 'again' });
    // One is handled at a time: there may be more.
    if (again.length === 0) lookedAgain = now;
    await handleAll(again);
    return fresh.length + again.length;
  }

  async function handleAll(events: readonly RecordEvent[]): Promise<void> {
    // An event that starts nothing costs no statement of its own.
    const current = registry.current();
    const starts = (event: RecordEvent): boolean => workflowsFor(current, currentEvent(current, event)).length > 0;
    const relevant = events.filter((event) => event.attempts > 1 || starts(event));
    const kept = new Set(relevant);
    await finishEvents(
      knex,
      app,
      events.filter((event) => !kept.has(event)).map((event) => event.id),
    );
    const queue = [...relevant];
    const lane = async (): Promise<void> => {
      while (!stopped) {
        const event = queue.shift();
        if (event === undefined) return;
        await handleEvent(services, registry.current(), event);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    await releaseEvents(
      knex,
      app,
      queue.map((event) => event.id),
    );
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      const asked = waiting;
      woken = false;
      const handled = await pass().catch((error: unknown) => {
        log.warn({ err: error }, 'Events could not be handled; trying again');
        return undefined;
      });
      if (handled !== undefined && handled > 0) continue;
      if (handled === 0) {
        waiting = waiting.filter((resolve) => !asked.includes(resolve));
        for (const resolve of asked) resolve();
      }
      if (!woken || handled === undefined) await pause();
    }
    for (const resolve of waiting) resolve();
  }

  async function pause(): Promise<void> {
    if (stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => undefined;
  }

  const listener = await listen(options.url, outboxChannel(app), rouse, {
    onConnect: rouse,
    onError: (error) => log.warn({ err: error }, 'The worker lost its connection for messages'),
  });
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await listener.close();
      await running;
    },
    idle: () =>
      new Promise((resolve) => {
        if (stopped) return resolve();
        waiting = [...waiting, resolve];
        rouse();
      }),
  };
}
