// Which version of the metadata the server answers with: every answer tells it, and whoever shows metadata hears of a newer one.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

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

/** Fetches metadata and forms again as soon as an answer came from a newer version; what is typed stays. */
export function useFollowMetadata(): void {
  const queryClient = useQueryClient();
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
