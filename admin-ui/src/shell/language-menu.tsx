// Switches the language of the interface.
import { IconLanguage } from '@tabler/icons-react';
import { lazy } from 'react';
import { useText } from '../i18n/use-text.ts';
import { MenuButton } from './menu-button.tsx';

const load = () => import('./language-popup.tsx');
const LanguagePopup = lazy(load);

export function LanguageMenu() {
  const { t } = useText();
  return (
    <MenuButton label={t('language.change')} load={load} popup={(button) => <LanguagePopup button={button} />}>
      <IconLanguage size={19} stroke={1.7} />
    </MenuButton>
  );
}
