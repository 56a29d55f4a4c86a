// The menu of who is signed in.
import { Menu, Text } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { signOut } from '../session/session.ts';
import type { MenuPopupProps } from './menu-button.tsx';
import { MenuPopup } from './menu-popup.tsx';

export default function UserPopup({ button }: MenuPopupProps) {
  const { t } = useText();
  const { user } = useMetadata();
  return (
    <MenuPopup button={button} width={230}>
      <Menu.Label>
        <Text component="div" size="sm" fw={600} c="var(--mantine-color-text)" truncate>
          <bdi>{user.display_name}</bdi>
        </Text>
        <Text component="div" size="xs" truncate>
          <bdi dir="ltr">{user.email}</bdi>
        </Text>
      </Menu.Label>
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
        {t('action.signOut')}
      </Menu.Item>
    </MenuPopup>
  );
}
