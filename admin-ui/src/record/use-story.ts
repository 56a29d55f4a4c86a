// Rows that the engine wrote about one record (timeline, audit), newest first, page by page.
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Condition } from '../../../server/conditions/tree.ts';
import { listRecords, type RecordPage } from '../api/records.ts';

const pageSize = 15;

/**
 * @param source plural name of the platform entity that holds the rows
 * @param pointer its two fields that name the record
 */
export function useStory(source: string, pointer: readonly [type: string, id: string], entity: string, id: string) {
  const equals = (fact: string, value: string): Condition => ({ fact, operator: 'equal', value });
  const filter: Condition = { all: [equals(pointer[0], entity), equals(pointer[1], id)] };
  const query = useInfiniteQuery({
    queryKey: ['story', source, entity, id],
    queryFn: ({ pageParam, signal }): Promise<RecordPage> => {
      const page = new URLSearchParams({
        filter: JSON.stringify(filter),
        sort: '-created_at',
        include: 'actor',
        limit: String(pageSize),
      });
      if (pageParam !== null) page.set('after', pageParam);
      return listRecords(source, page, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.page.hasNext ? last.page.next : null),
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.data) ?? [],
    isLoading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  };
}
