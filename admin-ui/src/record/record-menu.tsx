// What else can be done with a record.
import { Menu } from '@mantine/core';
import { IconLink, IconTrash } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import type { MenuPopupProps } from '../shell/menu-button.tsx';
import { MenuPopup } from '../shell/menu-popup.tsx';
import { showToast } from '../shell/toast.ts';

interface RecordMenuProps extends MenuPopupProps {
  readonly onDelete: (() => void) | undefined;
}

export default function RecordMenu({ button, onDelete }: RecordMenuProps) {
  const { t } = useText();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(window.location.href);
    await showToast({ message: t('record.linkCopied'), color: 'teal' });
  };
  return (
    <MenuPopup button={button}>
      {navigator.clipboard === undefined ? null : (
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => void copy()}>
          {t('action.copyLink')}
        </Menu.Item>
      )}
      {onDelete === undefined ? null : (
        <Menu.Item
          color="red"
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={onDelete}
        >
          {t('action.delete')}
        </Menu.Item>
      )}
    </MenuPopup>
  );
}
