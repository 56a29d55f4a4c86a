// Global search: type, choose, go. `/` brings the cursor here from anywhere.
import { Combobox, Kbd, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { searchRecords } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { SearchHits } from './search-hits.tsx';
import classes from './shell.module.css';

export function SearchBox() {
  const { t } = useText();
  const { entities } = useMetadata();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, isFetching, isError } = useQuery({
    queryKey: ['search', wanted],
    queryFn: ({ signal }) => searchRecords(wanted, signal),
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
  });
  const hits = (data ?? []).filter((hit) => Object.hasOwn(entities, hit.entity));
  useHotkeys([['/', () => input.current?.focus()]]);

  const open = (value: string): void => {
    const [entity = '', id = ''] = value.split('/');
    setText('');
    combobox.closeDropdown();
    input.current?.blur();
    void navigate({ to: '/records/$entity/$id', params: { entity, id } });
  };
  return (
    <Combobox store={combobox} onOptionSubmit={open} withinPortal={false} shadow="md">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={input}
          type="search"
          role="combobox"
          value={text}
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          leftSection={isFetching ? <Loader size={16} /> : <IconSearch size={17} stroke={1.7} aria-hidden />}
          rightSection={
            <Kbd className={classes.kbd} visibleFrom="sm" aria-hidden>
              /
            </Kbd>
          }
          onChange={(event) => {
            setText(event.currentTarget.value);
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
