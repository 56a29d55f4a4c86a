// The languages that the interface speaks, each by its own name; the choice takes effect at once, direction follows.
import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { nameOfLanguage } from '../i18n/languages.ts';
import { changeLanguage, spokenLanguages } from '../i18n/start.ts';
import { useText } from '../i18n/use-text.ts';
import type { MenuPopupProps } from './menu-button.tsx';
import { MenuPopup } from './menu-popup.tsx';

export default function LanguagePopup({ button }: MenuPopupProps) {
  const { t, language } = useText();
  return (
    <MenuPopup button={button}>
      {spokenLanguages().map((code) => (
        <Menu.Item
          key={code}
          lang={code}
          rightSection={code === language ? <IconCheck size={16} aria-label={t('state.chosen')} /> : null}
          onClick={() => void changeLanguage(code)}
        >
          {nameOfLanguage(code)}
        </Menu.Item>
      ))}
    </MenuPopup>
  );
}
