// The rows of a list, page after page by keyset cursor, and how many there are in all.
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { MetaEntity, MetaField, MetaView } from '../../../server/forms/meta-document.ts';
import { type ApiRecord, listRecords, type RecordPage } from '../api/records.ts';
import { selectionOf } from './columns.ts';
import type { ListSearch } from './list-search.ts';

const pageSize = 100;

/** The filter as the server reads it; the operator table is fetched only when somebody filters. */
async function filterOf(entity: MetaEntity, view: MetaView | undefined, search: ListSearch): Promise<URLSearchParams> {
  if (search.where !== undefined) {
    const { filterParameters } = await import('./filter-parameters.ts');
    return filterParameters(entity, search.where, view?.filter);
  }
  return new URLSearchParams(view?.filter === undefined ? {} : { filter: JSON.stringify(view.filter) });
}

async function parameters(
  entity: MetaEntity,
  columns: readonly MetaField[],
  view: MetaView | undefined,
  search: ListSearch,
): Promise<URLSearchParams> {
  const { fields, include } = selectionOf(entity, columns);
  const query = await filterOf(entity, view, search);
  query.set('fields', fields);
  if (include !== '') query.set('include', include);
  const sort = search.sort ?? view?.sort?.join(',');
  if (sort !== undefined) query.set('sort', sort);
  if (search.q !== undefined) query.set('q', search.q);
  query.set('limit', String(pageSize));
  return query;
}

export interface Records {
  readonly rows: readonly ApiRecord[];
  readonly total: number | undefined;
  readonly isLoading: boolean;
  /** A new question is under way; the rows still answer the old one. */
  readonly isStale: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

export function useRecords(
  entity: MetaEntity,
  columns: readonly MetaField[],
  view: MetaView | undefined,
  search: ListSearch,
): Records {
  const result = useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ['records', entity.name, view?.name, search],
      queryFn: async ({ pageParam, signal }): Promise<RecordPage> => {
        const page = await parameters(entity, columns, view, search);
        if (pageParam === null) page.set('count', 'exact');
        else page.set('after', pageParam);
        return listRecords(entity.name, page, signal);
      },
      initialPageParam: null as string | null,
      getNextPageParam: (last) => (last.page.hasNext ? last.page.next : null),
      placeholderData: keepPreviousData,
    }),
  );
  return {
    rows: result.data?.pages.flatMap((page) => page.data) ?? [],
    total: result.data?.pages[0]?.page.total,
    isLoading: result.isPending,
    isStale: result.isPlaceholderData,
    error: result.error,
    hasMore: result.hasNextPage,
    loadMore: () => {
      if (result.hasNextPage && !result.isFetchingNextPage) void result.fetchNextPage();
    },
    retry: () => void result.refetch(),
  };
}
