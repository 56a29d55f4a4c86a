// A browser as far as sign-on needs one: follows redirects, and keeps the cookies of each site.
import { watchedFetch } from '../../support/watched-fetch.ts';

export interface Browser {
  /** Follows redirects until one leads to a page of the admin UI, which it answers, or an answer is none. */
  open(url: string): Promise<{ readonly url: string; readonly status: number }>;
  /** One step. */
  step(url: string): Promise<Response>;
  cookie(origin: string, name: string): string | undefined;
  setCookie(origin: string, name: string, value: string): void;
}

/** @param site the address that people know the application by, and where it really listens */
export function browser(site: { readonly known: string; readonly real: string; readonly basePath: string }): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (origin: string): Map<string, string> => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };

  const step: Browser['step'] = async (url) => {
    const { origin, href } = new URL(url);
    const jar = jarOf(origin);
    const response = await watchedFetch(href.replace(site.known, site.real), {
      redirect: 'manual',
      headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), Accept: 'text/html' },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };

  return {
    step,
    open: async (first) => {
      let url = first;
      for (let hops = 0; hops < 12; hops++) {
        const response = await step(url);
        const location = response.headers.get('location');
        if (location === null) return { url, status: response.status };
        url = new URL(location, url).href;
        if (url.startsWith(site.known) && !url.startsWith(site.known + site.basePath)) return { url, status: response.status };
      }
      throw new Error(`It goes round and round: ${url}`);
    },
    cookie: (origin, name) => jarOf(origin).get(name),
    setCookie: (origin, name, value) => jarOf(origin).set(name, value),
  };
}
