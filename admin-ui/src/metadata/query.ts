// GET {base}/meta and GET {base}/meta/forms/{entity}, kept for some minutes, or until another version of the metadata is served.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FormDocument } from '../../../server/forms/form-document.ts';
import type { MetaDocument } from '../../../server/forms/meta-document.ts';
import { request } from '../api/client.ts';

export const metadataQuery = queryOptions({
  queryKey: ['meta'],
  queryFn: async ({ signal }) => (await request<{ data: MetaDocument }>('GET', '/meta', { signal })).data,
  staleTime: 300_000,
});

/** The form in one language; while another language loads, the old one stays. */
export const formQuery = (entity: string, language: string) =>
  queryOptions({
    queryKey: ['form', entity, language],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ language });
      return (await request<{ data: FormDocument }>('GET', `/meta/forms/${entity}`, { query, signal })).data;
    },
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });
