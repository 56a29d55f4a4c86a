// Which version of the metadata the server answers with: every answer tells it, a look a second finds what no answer told.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
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
const lookMs = 750;

/** Which features are on for the caller, as a mark; undefined until it is known. Looking also notes the version of the metadata. */
function useFeatureMark(): string | undefined {
  const { data } = useQuery({
    queryKey: ['version'],
    queryFn: ({ signal }) => request<{ data: { features: string } }>('GET', '/meta/served', { signal }),
    refetchInterval: lookMs,
    retry: false,
  });
  return data?.data.features;
}

/** Fetches metadata and forms again as soon as a newer version, or another set of features, is heard of; what is typed stays. */
export function useFollowMetadata(): void {
  const queryClient = useQueryClient();
  const mark = useFeatureMark();
  const shown = useRef(mark);
  useEffect(() => {
    if (shown.current !== undefined && mark !== undefined && shown.current !== mark) for (const listener of listeners) listener();
    if (mark !== undefined) shown.current = mark;
  }, [mark]);
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
