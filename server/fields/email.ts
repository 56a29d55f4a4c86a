// email: an e-mail address, trimmed and lower-cased. Whether its domain takes mail is asked by a hook, not here.
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { trimmedCell } from './cell-text.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

/** RFC 5321, 4.5.3.1 (with erratum 1690): 64 octets before the @, 254 in all. */
const longest = 254;
const longestLocalPart = 64;
const syntax = fullFormats.email as RegExp;

export const email: FieldType = defineFieldType({
  name: 'email',
  label: { en: 'E-mail', ar: 'البريد الإلكتروني', he: 'דוא״ל' },
  kind: 'text',
  settings: { checkMx: { type: 'boolean' } },
  widget: 'email',
  jsonSchema: () => ({ type: 'string', format: 'email', maxLength: longest }),
  parse: (value) => {
    const read = readText(value);
    if ('issues' in read) return read;
    const address = read.text.trim().toLowerCase();
    if (address.length > longest) return refused('max_length', `An e-mail address has at most ${longest} characters.`);
    if (!syntax.test(address)) return refused('format', 'This is not an e-mail address.');
    if (address.lastIndexOf('@') > longestLocalPart) {
      return refused('max_length', `The part before the @ has at most ${longestLocalPart} characters.`);
    }
    return accepted(address);
  },
  fromText: (cell) => ({ value: trimmedCell(cell) }),
});
