// Reading text: what PostgreSQL can store, in NFC, measured in code points, matched by patterns that cannot run away.
import { RE2JS } from 're2js';
import { isStorable } from '../conditions/values.ts';
import type { FieldIssue, FieldMetadata, JsonSchema } from './field-type.ts';
import { refused } from './outcome.ts';

export type ReadText = { readonly text: string } | { readonly issues: readonly FieldIssue[] };

/** A JSON string in NFC, or issues: not text, NUL bytes, lone surrogates. */
export function readText(value: unknown): ReadText {
  if (typeof value !== 'string') return refused('type', 'Expected text.');
  if (!isStorable(value)) return refused('characters', 'The text contains a NUL character or half of a surrogate pair.');
  return { text: value.normalize('NFC') };
}

/** Length in code points, as JSON Schema and PostgreSQL count. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Checks length and pattern settings; undefined when the text fits. */
export function textIssue(
  text: string,
  limits: { readonly minLength?: number | undefined; readonly maxLength: number; readonly pattern?: string | undefined },
): { readonly issues: readonly FieldIssue[] } | undefined {
  const length = lengthOf(text);
  if (length > limits.maxLength)
    return refused('max_length', `At most ${limits.maxLength} characters; these are ${length}.`, '', limits.maxLength);
  if (limits.minLength !== undefined && length < limits.minLength) {
    return refused('min_length', `At least ${limits.minLength} characters; these are ${length}.`, '', limits.minLength);
  }
  if (limits.pattern !== undefined && !matches(limits.pattern, text)) {
    return refused('pattern', `The text does not match the pattern ${limits.pattern}.`);
  }
  return undefined;
}

const compiled = new Map<string, RE2JS | undefined>();
const rememberedPatterns = 1000;

/** The pattern in RE2 syntax (linear time, no back-references), or undefined when it is not valid. */
export function compilePattern(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  let expression: RE2JS | undefined;
  try {
    expression = RE2JS.compile(pattern);
  } catch {
    expression = undefined;
  }
  if (compiled.size >= rememberedPatterns) compiled.clear();
  compiled.set(pattern, expression);
  return expression;
}

/** Unanchored, as JSON Schema's `pattern`. An invalid pattern matches nothing; `checkTextSettings` refuses it earlier. */
const matches = (pattern: string, text: string): boolean => compilePattern(pattern)?.matcher(text).find() ?? false;

/** Contradictions of minLength, maxLength and pattern. `ceiling` is the most that maxLength may be. */
export function checkTextSettings(field: FieldMetadata, maxLength: number): readonly { pointer: string; detail: string }[] {
  const found: { pointer: string; detail: string }[] = [];
  if (field.minLength !== undefined && field.minLength > maxLength) {
    found.push({ pointer: '/minLength', detail: `minLength ${field.minLength} is more than maxLength ${maxLength}.` });
  }
  if (field.pattern !== undefined && compilePattern(field.pattern) === undefined) {
    found.push({ pointer: '/pattern', detail: `"${field.pattern}" is not a valid pattern (RE2 syntax).` });
  }
  return found;
}

/** Settings of the types that hold free text. */
export const textSettings = (most: number): Readonly<Record<string, JsonSchema>> => ({
  minLength: { type: 'integer', minimum: 0, maximum: most },
  maxLength: { type: 'integer', minimum: 1, maximum: most },
  pattern: { type: 'string', minLength: 1, maxLength: 1000 },
});

/** The JSON Schema of such text. */
export const textSchema = (field: FieldMetadata, maxLength: number): JsonSchema => ({
  type: 'string',
  ...(field.minLength === undefined ? {} : { minLength: field.minLength }),
  maxLength,
  ...(field.pattern === undefined ? {} : { pattern: field.pattern }),
});
