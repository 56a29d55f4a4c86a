// The condition tree: json-rules-engine's grammar plus to-many quantifiers. Pure; the browser imports it too.

/** A value to compare with: a literal, or another fact (`{ "fact": "actor.id" }`). */
export type Operand =
  | null
  | string
  | number
  | boolean
  | readonly (string | number | boolean | null)[]
  | { readonly fact: string };

export interface Leaf {
  /** `field`, `field.part`, `relation.field`, `previous.field`, `actor.field`, `now`, `today`. */
  readonly fact: string;
  /** A name from the operator table (operators.ts). */
  readonly operator: string;
  readonly value?: Operand;
}

/** Quantified over a to-many relation; a missing `where` means "any related record". */
export interface Quantified {
  readonly relation: string;
  readonly where?: Condition;
}

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly some: Quantified }
  | { readonly none: Quantified }
  | { readonly every: Quantified }
  | Leaf;

export const isLeaf = (condition: Condition): condition is Leaf => 'fact' in condition;
export const isFactOperand = (value: unknown): value is { readonly fact: string } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof (value as { fact?: unknown }).fact === 'string';

/** Conditions nest at most this deep; deeper trees are refused where they are saved or parsed. */
export const maxConditionDepth = 20;
