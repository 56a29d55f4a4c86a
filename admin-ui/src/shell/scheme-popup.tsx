// The choice of the colour scheme.
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import type { MenuPopupProps } from './menu-button.tsx';
import { MenuPopup } from './menu-popup.tsx';
import { schemeIcons } from './scheme-menu.tsx';

const schemes: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

export default function SchemePopup({ button }: MenuPopupProps) {
  const { t } = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const names: Readonly<Record<MantineColorScheme, string>> = {
    light: t('scheme.light'),
    dark: t('scheme.dark'),
    auto: t('scheme.auto'),
  };
  return (
    <MenuPopup button={button}>
      {schemes.map((scheme) => {
        const Icon = schemeIcons[scheme];
        return (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={scheme === colorScheme ? <IconCheck size={16} aria-label={t('state.chosen')} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {names[scheme]}
          </Menu.Item>
        );
      })}
    </MenuPopup>
  );
}
