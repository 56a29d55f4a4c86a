// Which version of the metadata the server answers with: every answer tells it, a look twice a second finds what no answer told.
import { useQuery, useQueryClient } from '@tanstack/react-query';
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

/** Only while the page is looked at: a feature that is switched off is gone within about a second. */
const lookMs = 500;

/**
 * Fetches metadata and forms again as soon as a newer version, or another set of features, is heard of; what is typed stays.
 * Looking also notes the version of the metadata.
 * @param shown the mark of the features that the page was drawn with; undefined before it is
 */
export function useFollowMetadata(shown: string | undefined): void {
  const queryClient = useQueryClient();
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ['served'],
    queryFn: ({ signal }) => request<{ data: { features: string } }>('GET', '/meta/served', { signal }),
    refetchInterval: lookMs,
    retry: false,
  });
  const served = data?.data.features;
  // With each look: the answer may have been another node's, which had not heard of it yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time of the look is what asks again
  useEffect(() => {
    if (shown !== undefined && served !== undefined && served !== shown)
      void queryClient.invalidateQueries({ predicate: ({ queryKey: [kind] }) => kind === 'meta' || kind === 'form' });
  }, [queryClient, served, shown, dataUpdatedAt]);
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
