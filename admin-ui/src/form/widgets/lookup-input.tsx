// Finds a record of another entity by typing: the server searches, the name is shown, the id is kept.
import { Loader, Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MetaEntity } from '../../../../server/forms/meta-document.ts';
import { type ApiRecord, listRecords, readRecordName } from '../../api/records.ts';
import { useText } from '../../i18n/use-text.ts';
import { useEntity } from '../../metadata/use-metadata.ts';

interface LookupInputProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** Plural name of the entity to look in. */
  readonly entity: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** Name of the current value, when it is already known. */
  readonly knownName?: string | undefined;
  readonly ariaLabel?: string;
}

const shownHits = 20;

function lookupQuery(entity: MetaEntity, text: string): URLSearchParams {
  const query = new URLSearchParams({ fields: 'id,display_name', limit: String(shownHits) });
  if (text === '') query.set('sort', 'display_name');
  else if (entity.search) query.set('q', text);
  else query.set('filter', JSON.stringify({ fact: 'display_name', operator: 'iContains', value: text }));
  return query;
}

const nameOf = (record: ApiRecord): string =>
  record.display_name == null || record.display_name === '' ? record.id : record.display_name;

/** Who does not see the entity cannot look into it. */
export function LookupInput({ entity: target, value, onChange, knownName, ariaLabel, ...rest }: LookupInputProps) {
  const { t } = useText();
  const entity = useEntity(target);
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState('');
  const nameQuery = useQuery({
    queryKey: ['name', target, value],
    queryFn: ({ signal }) => readRecordName(target, value ?? '', signal),
    enabled: value !== null && knownName === undefined && entity !== undefined,
    staleTime: 60_000,
  });
  const name = value === null ? '' : (knownName ?? nameQuery.data ?? '');
  const typed = text === name ? '' : text.trim();
  const [wanted] = useDebouncedValue(typed, 200);
  const hits = useQuery({
    queryKey: ['lookup', target, wanted],
    queryFn: async ({ signal }) => (await listRecords(target, lookupQuery(entity as MetaEntity, wanted), signal)).data,
    enabled: opened && entity !== undefined && rest.readOnly !== true,
    placeholderData: keepPreviousData,
  });
  const found = (hits.data ?? []).map((record) => ({ value: record.id, label: nameOf(record) }));
  const current = value === null || found.some((hit) => hit.value === value) ? [] : [{ value, label: name || value }];
  return (
    <Select
      {...rest}
      {...(ariaLabel === undefined ? {} : { 'aria-label': ariaLabel })}
      searchable
      allowDeselect={false}
      data={[...current, ...found]}
      value={value}
      // The server has already chosen; while typing, the old value would only be in the way.
      filter={({ options }) =>
        typed === ''
          ? options
          : options.filter((option) => !('value' in option) || found.some((hit) => hit.value === option.value))
      }
      onSearchChange={setText}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onChange={onChange}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: String(rest.label ?? ariaLabel ?? '') }) }}
      nothingFoundMessage={hits.isError ? t('error.title') : hits.isFetching ? t('state.loading') : t('search.nothing')}
      {...(hits.isFetching && opened ? { rightSection: <Loader size={16} /> } : {})}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
