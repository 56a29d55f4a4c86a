// Who is signed in, and the way out.
import { ActionIcon, Avatar, Menu, Text, VisuallyHidden } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { signOut } from '../session/session.ts';

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
    <Menu position="bottom-end" width={230} withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="transparent" size={36} radius="xl">
          <Avatar size={32} color="indigo" variant="filled">
            {initials(user.display_name)}
          </Avatar>
          <VisuallyHidden>{t('user.menu', { name: user.display_name })}</VisuallyHidden>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
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
      </Menu.Dropdown>
    </Menu>
  );
}
