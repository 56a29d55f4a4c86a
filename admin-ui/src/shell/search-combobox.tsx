// The search input with its hits below. Takes the place of the plain input, and its cursor.
import { Combobox, Loader, TextInput, type TextInputProps, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useLayoutEffect, useRef } from 'react';
import { searchRecords } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { SearchHits } from './search-hits.tsx';

interface SearchComboboxProps {
  readonly look: TextInputProps;
  readonly text: string;
  readonly onText: (text: string) => void;
}

export default function SearchCombobox({ look, text, onText }: SearchComboboxProps) {
  const { t } = useText();
  const { entities } = useMetadata();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, isFetching, isError } = useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) => searchRecords(wanted, signal),
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
  });
  const hits = (data ?? []).filter((hit) => Object.hasOwn(entities, hit.entity));
  const cursor = useRef(text.length);
  // What was typed meanwhile stands before the cursor; nothing can be typed between the two inputs.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(cursor.current, cursor.current);
  }, []);

  const open = (value: string): void => {
    const [entity = '', id = ''] = value.split('/');
    onText('');
    combobox.closeDropdown();
    input.current?.blur();
    void navigate({ to: '/records/$entity/$id', params: { entity, id } });
  };
  return (
    <Combobox store={combobox} onOptionSubmit={open} withinPortal={false} shadow="md">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          {...look}
          ref={input}
          leftSection={isFetching ? <Loader size={16} /> : <IconSearch size={17} stroke={1.7} aria-hidden />}
          onChange={(event) => {
            onText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => text !== '' && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={wanted.length < 2 || (data === undefined && !isError)}>
        <Combobox.Options mah={420} style={{ overflowY: 'auto' }} aria-label={t('search.results')}>
          <SearchHits hits={hits} />
          {hits.length === 0 ? <Combobox.Empty>{isError ? t('error.title') : t('search.nothing')}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
