// The catalogue of what a matched rule may say (`event.type`): each adds to the variables that the steps use.
import type { ValueKind } from '../conditions/value-kind.ts';
import type { JsonSchema } from '../fields/field-type.ts';

/** By path, e.g. `score.total`. */
export type Variables = Readonly<Record<string, unknown>>;
export type Params = Readonly<Record<string, unknown>>;

export interface EventType {
  readonly name: string;
  /** JSON Schema of `event.params`. */
  readonly params: JsonSchema;
  /** The variables it keeps, with their values before the first rule. */
  readonly variables: Readonly<Record<string, { readonly initial: unknown; readonly kind: ValueKind }>>;
  /** The variables after one more matched rule. Pure. */
  readonly apply: (variables: Variables, params: Params) => Variables;
}

const scoreAdd: EventType = {
  name: 'score.add',
  params: {
    type: 'object',
    properties: { points: { type: 'integer' }, reason: { type: 'string', minLength: 1, maxLength: 200 } },
    required: ['points', 'reason'],
    additionalProperties: false,
  },
  variables: { 'score.total': { initial: 0, kind: 'integer' }, 'score.reasons': { initial: [], kind: 'set' } },
  apply: (variables, { points, reason }) => ({
    ...variables,
    'score.total': Number(variables['score.total']) + Number(points),
    'score.reasons': [...(variables['score.reasons'] as readonly string[]), reason],
  }),
};

export const eventTypes: readonly EventType[] = [scoreAdd];
