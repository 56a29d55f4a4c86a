// What settings of steps may say: literals, `{ "var": "score.total" }`, and `{{score.total}}` inside of text.

/** The value of a path: a variable of the rules (`score.total`) or a fact of the record (`record.name`); null when unknown. */
export type Scope = (path: string) => unknown;

const placeholder = /\{\{\s*([a-z][a-zA-Z0-9_.]*)\s*\}\}/g;

const isVariable = (value: unknown): value is { readonly var: string } =>
  typeof value === 'object' && value !== null && 'var' in value && typeof value.var === 'string';

/** The value of one setting; text is filled, everything else is as written. */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (isVariable(value)) return scope(value.var) ?? null;
  return typeof value === 'string' ? fillTemplate(value, scope) : value;
}

/** Text with each `{{path}}` replaced by its value; '' where there is none. */
export function fillTemplate(text: string, scope: Scope): string {
  return text.replace(placeholder, (_whole, path: string) => asText(scope(path)));
}

/** Paths that a setting, however nested, asks for. */
export function pathsIn(value: unknown): readonly string[] {
  if (isVariable(value)) return [value.var];
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map((match) => match[1] ?? '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(pathsIn);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
