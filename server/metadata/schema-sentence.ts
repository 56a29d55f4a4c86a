// Turns an error of ajv into a sentence that a person can act on.
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../conditions/did-you-mean.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** What is wrong, without the place. A pattern's sentence is the `description` that stands beside it in the schema. */
export function sentence(error: ErrorObject): string {
  const { keyword, params } = error;
  const limit = String(params['limit']);
  switch (keyword) {
    case 'additionalProperties':
      return `"${params['additionalProperty']}" is not known here.`;
    case 'required':
      return `"${params['missingProperty']}" is missing.`;
    case 'type':
      return `Expected ${[params['type']]
        .flat()
        .map((name) => typeNames[String(name)] ?? name)
        .join(' or ')}.`;
    case 'const':
      return `Expected ${JSON.stringify(params['allowedValue'])}, found ${shown(error.data)}.`;
    case 'enum':
      return notOneOf(error.data, params['allowedValues'] as readonly unknown[]);
    case 'pattern':
      return `${shown(error.data)} does not fit${foreignLetter(error.data)}. ${description(error)}`;
    case 'minLength':
      return limit === '1' ? 'The text is empty.' : `The text has fewer than ${limit} characters.`;
    case 'maxLength':
      return `The text has more than ${limit} characters.`;
    case 'minItems':
      return limit === '1' ? 'The list is empty.' : `The list has fewer than ${limit} items.`;
    case 'maxItems':
      return `The list has more than ${limit} items.`;
    case 'minProperties':
      return 'The object is empty.';
    case 'maxProperties':
      return `The object has more than ${limit} members.`;
    case 'uniqueItems':
      return `Items ${params['j']} and ${params['i']} of the list are the same.`;
    case 'minimum':
      return `The number is less than ${limit}.`;
    case 'maximum':
      return `The number is more than ${limit}.`;
    default:
      return `The value ${error.message ?? 'is not valid'}.`;
  }
}

function notOneOf(value: unknown, allowed: readonly unknown[]): string {
  const names = allowed.map((name) => (typeof name === 'string' ? name : JSON.stringify(name)));
  const hint = typeof value === 'string' ? didYouMean(value, names) : '';
  return `${shown(value)} is not one of ${names.join(', ')}.${hint}`;
}

/** Letters that only look like ASCII (Cyrillic а) are named, since nobody sees them. */
function foreignLetter(value: unknown): string {
  const found = typeof value === 'string' ? /[^\p{ASCII}]/u.exec(value)?.[0] : undefined;
  if (found === undefined) return '';
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `: it contains ${JSON.stringify(found)} (U+${code}), which is not an ASCII character`;
}

const description = (error: ErrorObject): string =>
  String(error.parentSchema?.['description'] ?? `Expected the pattern ${error.params['pattern']}.`);

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
