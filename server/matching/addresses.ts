// E-mail addresses and websites as one key each: what leads to the same mailbox or the same site.
import { domainToASCII } from 'node:url';

/**
 * Case, width and the writing of the domain do not count. What a provider makes of dots and `+` in the local part is its
 * own affair, and other people's mailboxes elsewhere.
 * @returns '' for what is no address
 * @example emailKey('Ada@MÜNCHEN.example') // 'ada@xn--mnchen-3ya.example'
 */
export function emailKey(text: string): string {
  const address = text.normalize('NFKC').trim().toLowerCase();
  const at = address.lastIndexOf('@');
  const domain = at < 1 ? '' : domainToASCII(address.slice(at + 1).replace(/\.$/, ''));
  return domain === '' ? '' : `${address.slice(0, at)}@${domain}`;
}

/** Sites on which a page, not the host, is somebody's own. */
const shared: ReadonlySet<string> = new Set([
  ...['linkedin.com', 'facebook.com', 'instagram.com', 'x.com', 'twitter.com', 'youtube.com', 'tiktok.com', 'github.com'],
  ...['medium.com', 'sites.google.com', 'linktr.ee', 'xing.com', 't.me', 'wa.me'],
]);

/**
 * The host of a website, in ASCII, without `www.`; scheme, port, path and query do not count, but on sites where each page
 * is somebody's own.
 * @returns '' for what is no web address
 * @example websiteKey('HTTPS://www.Müller.example/about/') // 'xn--mller-kva.example'
 */
export function websiteKey(text: string): string {
  const written = text.normalize('NFKC').trim();
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  if (!URL.canParse(address)) return '';
  const { hostname, pathname } = new URL(address);
  const host = hostname.replace(/\.$/, '').replace(/^www\d?\.(?=[^.]+\.)/, '');
  if (!host.includes('.')) return '';
  const page = shared.has(host.replace(/^[a-z]{2}\.(?=linkedin|facebook)/, '')) ? pathname.replace(/\/+$/, '').toLowerCase() : '';
  return host + page;
}
