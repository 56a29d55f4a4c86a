// Switches the language of the interface at once; direction follows.
import { ActionIcon, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { nameOfLanguage } from '../i18n/languages.ts';
import { changeLanguage, spokenLanguages } from '../i18n/start.ts';
import { useText } from '../i18n/use-text.ts';

export function LanguageMenu() {
  const { t, language } = useText();
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('language.change')} title={t('language.change')}>
          <IconLanguage size={19} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
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
      </Menu.Dropdown>
    </Menu>
  );
}
