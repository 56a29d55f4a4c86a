// Which version of the metadata the server answers with: every answer tells it, and a request that waits hears of what comes.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { request } from '../api/client.ts';

let newest = 0;
const listeners = new Set<() => void>();

/** @param header of an answer; versions only ever grow, also when one is taken back, so an answer from before is told apart */
export function noteServedVersion(header: string | null): void {
  const version = Number(header ?? 0);
  if (!(version > newest)) return;
  const first = newest === 0;
  newest = version;
  if (!first) for (const listener of listeners) listener();
}

/** After an answer that the page has yet to take in, and after none. */
const pauseMs = 500;
const retryMs = 3_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Only while the page is looked at. */
const untilShown = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Fetches metadata and forms again as soon as a newer version, or another set of features, is heard of; what is typed stays.
 * @param shown the mark of the features that the page was drawn with; undefined before it is
 */
export function useFollowMetadata(shown: string | undefined): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (shown === undefined) return undefined;
    const stop = new AbortController();
    void listen(shown, stop.signal, () =>
      queryClient.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind === 'meta' || kind === 'form' }),
    );
    return () => stop.abort();
  }, [queryClient, shown]);
  useEffect(() => {
    const refresh = (): void => {
      void queryClient.invalidateQueries({ queryKey: ['meta'] });
      void queryClient.invalidateQueries({ queryKey: ['form'] });
    };
    listeners.add(refresh);
    return () => {
      listeners.delete(refresh);
    };
  }, [queryClient]);
}

/** One request at a time, each answered when something is other than the page knows: the answer notes the version itself. */
async function listen(shown: string, signal: AbortSignal, changed: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await untilShown(signal);
    try {
      const query = new URLSearchParams({ features: shown, ...(newest === 0 ? {} : { metadata: String(newest) }) });
      const { data } = await request<{ data: { features: string } }>('GET', '/meta/served', { query, signal });
      if (data.features === shown) continue;
      await changed();
      await pause(pauseMs);
    } catch {
      // No answer, or nobody signed in: the rest of the page tells of that.
      if (!signal.aborted) await pause(retryMs);
    }
  }
}
