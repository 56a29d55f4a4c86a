// TypeScript as text: types of JSON Schemas, literals, names and doc comments.
import type { JsonSchema } from '../fields/field-type.ts';

const simple: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** The type of the values that the schema (of the subset that field types use) lets through; `unknown` where it says nothing. */
export function typeText(schema: JsonSchema): string {
  const { type, properties, items, anyOf } = schema;
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal));
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(anyOf)) return union(anyOf.map((one: JsonSchema) => typeText(one)));
  if (Array.isArray(type)) return union(type.map((one: string) => typeText({ ...schema, type: one })));
  if (type === 'array') return listOf(typeText((items ?? {}) as JsonSchema));
  if (type === 'object') return properties === undefined ? 'Readonly<Record<string, unknown>>' : objectText(schema);
  return typeof type === 'string' ? (simple[type] ?? 'unknown') : 'unknown';
}

function objectText({ properties, required }: JsonSchema): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(
    ([name, schema]) => `readonly ${keyText(name)}${needed.has(name) ? '' : '?'}: ${typeText(schema)}`,
  );
  return `{ ${members.join('; ')} }`;
}

export const union = (types: readonly string[]): string => {
  const distinct = [...new Set(types)];
  return distinct.length === 0 ? 'never' : distinct.includes('unknown') ? 'unknown' : distinct.join(' | ');
};

export const listOf = (type: string): string => (/[|&]/.test(type) ? `readonly (${type})[]` : `readonly ${type}[]`);

export const literal = (value: unknown): string => (typeof value === 'string' ? quoted(value) : JSON.stringify(value));

/** A literal in single quotes; whatever an editor would not show stands as an escape. */
const quoted = (text: string): string =>
  `'${visible(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')).replaceAll("'", "\\'")}'`;

/** A member's name, quoted where it is no identifier. */
export const keyText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Separators and controls of writing direction could make code look like other code. */
const visible = (text: string): string =>
  text.replace(
    /[\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A doc comment of the sentences that are there, with its line end; '' without any. */
export function comment(sentences: readonly (string | undefined)[], indent = ''): string {
  const text = sentences
    .filter((sentence) => sentence !== undefined && sentence.trim() !== '')
    .map((sentence) =>
      visible(sentence ?? '')
        .replace(/\s+/g, ' ')
        .trim()
        .replaceAll('*/', '*\\/'),
    )
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ');
  return text === '' ? '' : `${indent}/** ${text} */\n`;
}
