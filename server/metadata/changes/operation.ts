// One operation: the members that its changes have, and what it does.
import type { JsonSchema } from '../../fields/field-type.ts';
import type { Step } from './work.ts';

export interface Operation {
  /** Of the whole change. */
  readonly shape: JsonSchema;
  /** @throws Refused when it cannot be done */
  readonly apply: (step: Step) => void;
}

/**
 * @param members those beside `op`; a name with `?` at its end may be missing
 * @param apply is only called with changes of that shape
 */
export function operation<Change>(members: Readonly<Record<string, JsonSchema>>, apply: (step: Step<Change>) => void): Operation {
  const named = Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
  const required = Object.keys(members).filter((name) => !name.endsWith('?'));
  return {
    shape: {
      type: 'object',
      properties: { op: true, ...Object.fromEntries(named) },
      required,
      additionalProperties: false,
    },
    apply: (step) => apply(step as unknown as Step<Change>),
  };
}
