// url: an absolute web address, http or https only; scheme and host in lower case, the rest as written.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

const longest = 2048;
/** Neither tells capitals apart (RFC 3986, 6.2.2.1); a name before an @ does. */
const schemeAndHost = /^https?:\/\/([^/?#]*@)?[^/?#]*/i;

export const url: FieldType = defineFieldType({
  name: 'url',
  label: { en: 'Web address', ar: 'عنوان الويب', he: 'כתובת אינטרנט' },
  kind: 'text',
  settings: {},
  widget: 'url',
  jsonSchema: () => ({ type: 'string', pattern: '^\\s*[hH][tT][tT][pP][sS]?://', maxLength: longest }),
  parse: (value) => {
    const read = readText(value);
    if ('issues' in read) return read;
    const address = read.text.trim();
    if (address.length > longest) return refused('max_length', `A web address has at most ${longest} characters.`);
    // The URL parser drops line breaks and turns \ into /: what is stored must be what is opened.
    if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(address) || !URL.canParse(address)) {
      return refused('format', 'This is not a web address that starts with https:// or http://.');
    }
    return accepted(
      address.replace(schemeAndHost, (whole, user: string = '') => whole.toLowerCase().replace(user.toLowerCase(), () => user)),
    );
  },
  /** Spreadsheets often leave the scheme away; a bare domain is read as https. */
  fromText: (cell) => {
    const text = cell.trim();
    return { value: /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#:]|$)/i.test(text) ? `https://${text}` : text };
  },
});
