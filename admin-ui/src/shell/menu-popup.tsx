// The menu of a MenuButton: open from its first moment, because a click brought it here.
import { Menu } from '@mantine/core';
import { cloneElement, type ReactNode, useEffect, useRef, useState } from 'react';
import type { MenuPopupProps } from './menu-button.tsx';

interface Props extends MenuPopupProps {
  readonly width?: number;
  readonly children: ReactNode;
}

export function MenuPopup({ button, width, children }: Props) {
  const [opened, setOpened] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was clicked has gone; this one goes on for it, and takes the focus back when the menu closes.
    target.current?.focus();
    setOpened(true);
  }, []);
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      withinPortal={false}
      {...(width === undefined ? {} : { width })}
    >
      <Menu.Target>{cloneElement(button, { ref: target })}</Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
