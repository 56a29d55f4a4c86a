// A short letter with one link, as text and as HTML, in the direction of its language.
import type { Mail } from './mailer.ts';

export interface Letter {
  /** BCP 47. */
  readonly language: string;
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
  /** After the link. */
  readonly closing: readonly string[];
}

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ps', 'ur']);

export function mailOf(to: string, letter: Letter): Mail {
  const { language, subject, greeting, paragraphs, link, closing } = letter;
  const direction = rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
  const before = [greeting, ...paragraphs];
  const block = (text: string): string => `<p>${escaped(text)}</p>`;
  const button = `<p><a href="${escaped(link.url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#3b5bdb;color:#ffffff;text-decoration:none">${escaped(link.label)}</a></p>`;
  // The address is Latin text in any letter: it keeps its own direction.
  const address = `<p dir="ltr" style="font-size:13px;word-break:break-all">${escaped(link.url)}</p>`;
  return {
    to,
    subject: oneLine(subject),
    text: [...before, `${link.label}:\n${link.url}`, ...closing].join('\n\n'),
    html: [
      `<!doctype html><html lang="${escaped(language)}" dir="${direction}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
      `<body dir="${direction}" style="font-family:sans-serif;font-size:15px;line-height:1.5;text-align:start">`,
      ...before.map(block),
      button,
      address,
      ...closing.map(block),
      '</body></html>',
    ].join('\n'),
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Names of people and applications are text, whatever they contain. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
