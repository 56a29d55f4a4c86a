// Global search: type, choose, go. `/` brings the cursor here from anywhere. What finds is fetched when the cursor comes.
import { Kbd, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import classes from './shell.module.css';

type SearchCombobox = typeof import('./search-combobox.tsx').default;

export function SearchBox() {
  const { t } = useText();
  const box = useRef<HTMLElement>(null);
  const [text, setText] = useState('');
  // Not a lazy component: while that waits, the input and its cursor would be gone, and letters typed then lost.
  const [Combobox, setCombobox] = useState<SearchCombobox | null>(null);
  const load = (): void => {
    void import('./search-combobox.tsx').then(
      (loaded) => setCombobox(() => loaded.default),
      () => undefined,
    );
  };
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
      onFocus={load}
    />
  );
  return <search ref={box}>{Combobox === null ? waiting : <Combobox look={look} text={text} onText={setText} />}</search>;
}
