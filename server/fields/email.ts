// email: an e-mail address, trimmed and lower-cased, its domain in ASCII. Whether its domain takes mail is asked by a hook, not here.
import { domainToASCII } from 'node:url';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType, Label, Option } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

/** RFC 5321, 4.5.3.1 (with erratum 1690): 64 octets before the @, 254 in all. */
const longest = 254;
const longestLocalPart = 64;
const syntax = fullFormats.email as RegExp;

const statusWord: Label & { readonly en: string } = { en: 'delivery', ar: 'التسليم', he: 'מסירה' };

/** What is known of the domain of an address that is checked; whoever checks it keeps the value. */
const emailStatuses: readonly Option[] = [
  { value: 'valid', label: { en: 'Deliverable', ar: 'قابل للتسليم', he: 'ניתן למסירה' }, color: 'green' },
  { value: 'unverified', label: { en: 'Not checked yet', ar: 'لم يُتحقق منه بعد', he: 'טרם נבדק' }, color: 'gray' },
  { value: 'undeliverable', label: { en: 'Undeliverable', ar: 'غير قابل للتسليم', he: 'לא ניתן למסירה' }, color: 'red' },
];

/** `ada@münchen.example` → `ada@xn--mnchen-3ya.example`: one address has one writing, which every mail server takes (RFC 5891). */
function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return at < 1 || /^[\x20-\x7e]*$/.test(domain) ? address : `${address.slice(0, at)}@${domainToASCII(domain)}`;
}

/** The field beside an address that is checked. */
const deliveryOf = (field: FieldMetadata): FieldMetadata => ({
  id: `${field.id}_status`,
  type: 'select',
  label: Object.fromEntries(
    Object.entries(field.label).map(([language, label]) => [language, `${label} – ${statusWord[language] ?? statusWord.en}`]),
  ),
  options: emailStatuses,
  readOnly: true,
  index: true,
  ...(field.privacy === undefined ? {} : { privacy: field.privacy }),
});

export const email: FieldType = defineFieldType({
  name: 'email',
  label: { en: 'E-mail', ar: 'البريد الإلكتروني', he: 'דוא"ל' },
  kind: 'text',
  settings: { checkMx: { type: 'boolean' } },
  widget: 'email',
  jsonSchema: () => ({ type: 'string', format: 'email', maxLength: longest }),
  parse: (value) => {
    const read = readText(value);
    if ('issues' in read) return read;
    const address = asciiDomain(read.text.trim().toLowerCase());
    if (address.length > longest) return refused('max_length', `An e-mail address has at most ${longest} characters.`);
    if (!syntax.test(address)) return refused('format', 'This is not an e-mail address.');
    if (address.lastIndexOf('@') > longestLocalPart) {
      return refused('max_length', `The part before the @ has at most ${longestLocalPart} characters.`);
    }
    return accepted(address);
  },
  fromText: (cell) => ({ value: cell.trim() }),
  implied: (field): Readonly<Record<string, FieldMetadata>> => (field['checkMx'] === true ? { _status: deliveryOf(field) } : {}),
});
