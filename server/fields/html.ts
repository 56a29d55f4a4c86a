// HTML as the field type richText keeps it: a fixed set of tags and attributes, whatever was sent; and the text in it.
import { Parser } from 'htmlparser2';
import sanitizeHtml from 'sanitize-html';

const blocks = ['p', 'h1', 'h2', 'h3', 'h4', 'blockquote', 'pre', 'ul', 'ol', 'li', 'hr'] as const;
const inline = ['br', 'strong', 'em', 'u', 's', 'code', 'a'] as const;

/**
 * The tags that stay; those of the same meaning become one of them. Nothing that loads, runs or styles is among them, and
 * nothing that the editor of the form would lose.
 */
export const richTextTags: readonly string[] = [...blocks, ...inline];
/** Attributes by tag; `dir` lets a paragraph say its own direction. */
export const richTextAttributes: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(blocks.map((tag) => [tag, ['dir']])),
  a: ['href', 'rel', 'dir'],
  ol: ['start', 'dir'],
};
export const richTextSchemes: readonly string[] = ['http', 'https', 'mailto', 'tel'];

const options: sanitizeHtml.IOptions = {
  allowedTags: [...richTextTags],
  allowedAttributes: Object.fromEntries(Object.entries(richTextAttributes).map(([tag, names]) => [tag, [...names]])),
  allowedSchemes: [...richTextSchemes],
  allowedSchemesAppliedToAttributes: ['href'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  // What stands in these is not text that anybody wrote to be read.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'iframe',
    'object',
    'svg',
    'math',
    'template',
    'xmp',
    'noembed',
    'noframes',
    'plaintext',
  ],
  nestingLimit: 40,
  transformTags: {
    b: 'strong',
    i: 'em',
    strike: 's',
    del: 's',
    ins: 'u',
    div: 'p',
    td: 'p',
    th: 'p',
    caption: 'p',
    h5: 'h4',
    h6: 'h4',
    // A page that is opened from here learns nothing of this one, and gets no word of recommendation.
    a: (tagName, { href = '', dir }) => ({
      tagName,
      attribs: {
        ...(URL.canParse(href) ? { href } : {}),
        rel: 'noopener noreferrer nofollow',
        ...(dir === undefined ? {} : { dir }),
      },
    }),
  },
  exclusiveFilter: ({ tag, attribs }) => (tag === 'a' && attribs['href'] === undefined ? 'excludeTag' : false),
};

/** Sanitised twice it is the same: what is stored is what would be stored again. Text without any tag becomes a paragraph. */
export function sanitizedHtml(html: string): string {
  const once = sanitizeHtml(html.normalize('NFC'), options);
  const clean = sanitizeHtml(once, options).trim();
  return clean === '' || clean.includes('<') ? clean : `<p>${clean}</p>`;
}

const breaking: ReadonlySet<string> = new Set([...blocks, 'br']);

/** The text that a reader sees, a block a line. */
export function textOfHtml(html: string): string {
  let text = '';
  const parser = new Parser(
    {
      ontext: (part) => {
        text += part;
      },
      onclosetag: (name) => {
        if (breaking.has(name)) text += '\n';
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return text
    .replace(/[ \u00a0]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Plain text as HTML: blank lines part paragraphs. */
export const htmlOfText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${escaped(paragraph.trim()).replaceAll('\n', '<br />')}</p>`)
    .join('');
