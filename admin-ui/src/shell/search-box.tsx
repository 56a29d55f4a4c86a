// Global search: type, choose, go. `/` brings the cursor here from anywhere. What finds is fetched when the cursor comes.
import { Kbd, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import classes from './shell.module.css';

const load = () => import('./search-combobox.tsx');
const SearchCombobox = lazy(load);

export function SearchBox() {
  const { t } = useText();
  const box = useRef<HTMLElement>(null);
  const [text, setText] = useState('');
  const [reached, setReached] = useState(false);
  useHotkeys([['/', () => box.current?.querySelector('input')?.focus()]]);
  const look = {
    type: 'search',
    role: 'combobox',
    value: text,
    'aria-label': t('search.label'),
    placeholder: t('search.placeholder'),
    rightSection: (
      <Kbd className={classes.kbd} visibleFrom="sm" aria-hidden>
        /
      </Kbd>
    ),
  } as const;
  const waiting = (
    <TextInput
      {...look}
      aria-expanded={false}
      aria-haspopup="listbox"
      leftSection={<IconSearch size={17} stroke={1.7} aria-hidden />}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={() =>
        void load().then(
          () => setReached(true),
          () => undefined,
        )
      }
    />
  );
  return (
    <search ref={box}>
      {reached ? (
        <Suspense fallback={waiting}>
          <SearchCombobox look={look} text={text} onText={setText} />
        </Suspense>
      ) : (
        waiting
      )}
    </search>
  );
}
