// secret: write-only; only an Argon2id hash is stored, and it never leaves the server.
import { hash, verify } from '@node-rs/argon2';
import { isStorable } from '../conditions/values.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted } from './outcome.ts';
import { lengthOf, readText, textIssue, textSettings } from './text-value.ts';

const longest = 256;
const lengths = (field: FieldMetadata) => ({ minLength: field.minLength ?? 12, maxLength: field.maxLength ?? longest });

/** Argon2id, 19 MiB, 2 passes, 1 lane (the library's defaults, which are OWASP's advice); text in NFC (RFC 8265). */
export const hashSecret = (text: string): Promise<string> => hash(text.normalize('NFC'));

/** Whether the text is the one that was hashed; false for texts that no secret can be. Throws on a damaged hash. */
export async function verifySecret(hashed: string, text: string): Promise<boolean> {
  if (!isStorable(text) || lengthOf(text) > longest) return false;
  return verify(hashed, text.normalize('NFC'));
}

export const secret: FieldType = defineFieldType({
  name: 'secret',
  label: { en: 'Secret', ar: 'سر', he: 'סוד' },
  kind: 'text',
  settings: { minLength: textSettings(longest)['minLength'] ?? {}, maxLength: textSettings(longest)['maxLength'] ?? {} },
  widget: 'password',
  secret: true,
  sortable: false,
  jsonSchema: (field) => ({ type: 'string', ...lengths(field), writeOnly: true }),
  parse: (value, field) => {
    const read = readText(value);
    if ('issues' in read) return read;
    return textIssue(read.text, lengths(field)) ?? hashSecret(read.text).then(accepted);
  },
  fromText: (cell) => ({ value: cell }),
  json: () => 'NULL',
  check: (field) => {
    const { minLength, maxLength } = lengths(field);
    return [
      ...(minLength > maxLength
        ? [{ pointer: '/minLength', detail: `minLength ${minLength} is more than maxLength ${maxLength}.` }]
        : []),
      ...(['default', 'unique', 'index'] as const)
        .filter((setting) => field[setting] !== undefined && field[setting] !== false)
        .map((setting) => ({ pointer: `/${setting}`, detail: `A secret takes no "${setting}".` })),
    ];
  },
});
