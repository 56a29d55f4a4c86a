// Light, dark, or as the device says.
import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { lazy } from 'react';
import { useText } from '../i18n/use-text.ts';
import { MenuButton } from './menu-button.tsx';

const load = () => import('./scheme-popup.tsx');
const SchemePopup = lazy(load);

export const schemeIcons: Readonly<Record<MantineColorScheme, typeof IconSun>> = {
  light: IconSun,
  dark: IconMoon,
  auto: IconDeviceDesktop,
};

export function SchemeMenu() {
  const { t } = useText();
  const { colorScheme } = useMantineColorScheme();
  const Current = schemeIcons[colorScheme];
  return (
    <MenuButton label={t('scheme.change')} load={load} popup={(button) => <SchemePopup button={button} />}>
      <Current size={19} stroke={1.7} />
    </MenuButton>
  );
}
