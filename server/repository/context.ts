// What every repository call carries: one registry, one actor, one request; inside a write also its transaction.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { type Actor, systemActor } from './actor.ts';

export type Source = 'ui' | 'api' | 'import' | 'workflow' | 'system' | 'demo';

export interface Context {
  readonly registry: Registry;
  readonly actor: Actor;
  readonly requestId: string;
  /** Groups the audit rows, events and cascades of one act. */
  readonly correlationId: string;
  readonly source: Source;
  readonly language: string;
  /** Depth of workflow chains that led here; 0 for people and clients. */
  readonly depth: number;
  /** The caller wants a write refused, rather than warned of, where there may be such a record already. */
  readonly strict?: boolean;
  /** What is written will be undone: nothing may commit apart from the transaction. */
  readonly dry?: boolean;
  readonly transaction?: Knex.Transaction;
  /** The same for a request and its repetitions with the same Idempotency-Key; for acts that commit apart from its transaction. */
  readonly act?: string;
}

/** A context outside of any request, for the engine's own work. */
export function systemContext(registry: Registry, source: Source = 'system', over: Partial<Context> = {}): Context {
  const id = randomUUID();
  return {
    registry,
    actor: systemActor,
    requestId: id,
    correlationId: id,
    source,
    language: registry.app.languages[0] ?? 'en',
    depth: 0,
    ...over,
  };
}

/** What the sign-in middleware leaves in `ctx.state` for every endpoint behind it. */
export interface RequestState {
  context: Context;
}
