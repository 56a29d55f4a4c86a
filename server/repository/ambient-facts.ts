// Facts that belong to no record: who asks and what time it is.
import type { ValueKind } from '../conditions/value-kind.ts';
import type { Context } from './context.ts';

export interface AmbientFact {
  readonly value: unknown;
  readonly kind: ValueKind;
  readonly sqlType: string;
}

/** `actor.id`, `actor.email`, `actor.roles`, `now`, `today` (UTC); undefined for any other path. */
export function ambientFact(context: Pick<Context, 'actor'>, path: string): AmbientFact | undefined {
  switch (path) {
    case 'actor.id':
      return { value: context.actor.id, kind: 'id', sqlType: 'uuid' };
    case 'actor.email':
      return { value: context.actor.email, kind: 'text', sqlType: 'text' };
    case 'actor.roles':
      return { value: context.actor.roles, kind: 'set', sqlType: 'text[]' };
    case 'now':
      return { value: new Date().toISOString(), kind: 'dateTime', sqlType: 'timestamptz' };
    case 'today':
      return { value: new Date().toISOString().slice(0, 10), kind: 'date', sqlType: 'date' };
    default:
      return undefined;
  }
}
