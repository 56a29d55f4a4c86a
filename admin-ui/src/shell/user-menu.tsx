// Who is signed in, and the way out.
import { Avatar, VisuallyHidden } from '@mantine/core';
import { lazy } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { MenuButton } from './menu-button.tsx';

const load = () => import('./user-popup.tsx');
const UserPopup = lazy(load);

/** First letters of the first and the last word. */
const initials = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
};

export function UserMenu() {
  const { t } = useText();
  const { user } = useMetadata();
  return (
    <MenuButton variant="transparent" radius="xl" load={load} popup={(button) => <UserPopup button={button} />}>
      <Avatar size={32} color="indigo" variant="filled">
        {initials(user.display_name)}
      </Avatar>
      <VisuallyHidden>{t('user.menu', { name: user.display_name })}</VisuallyHidden>
    </MenuButton>
  );
}
