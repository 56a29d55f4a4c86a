// A round or square button with a menu; the menu's code is fetched when somebody reaches for the button.
import { ActionIcon, type ActionIconProps } from '@mantine/core';
import { type ReactElement, type ReactNode, type Ref, Suspense, useState } from 'react';

/** Draws the button as the menu's target, and below it the menu. */
export interface MenuPopupProps {
  readonly button: ReactElement<{ ref?: Ref<HTMLButtonElement> }>;
}

interface MenuButtonProps extends Pick<ActionIconProps, 'variant' | 'radius'> {
  /** Absent when the children say it themselves. */
  readonly label?: string;
  readonly children: ReactNode;
  /** Fetches the code of the menu ahead. */
  readonly load: () => Promise<unknown>;
  /** The menu, around the button. */
  readonly popup: (button: MenuPopupProps['button']) => ReactNode;
}

export function MenuButton({ label, children, load, popup, variant = 'default', radius = 'md' }: MenuButtonProps) {
  const [reached, setReached] = useState(false);
  const look = { variant, radius, size: 36, ...(label === undefined ? {} : { 'aria-label': label, title: label }) };
  const waiting = (
    <ActionIcon
      {...look}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load().catch(() => undefined)}
      onFocus={() => void load().catch(() => undefined)}
      onClick={() =>
        void load().then(
          () => setReached(true),
          () => undefined,
        )
      }
    >
      {children}
    </ActionIcon>
  );
  if (!reached) return waiting;
  return <Suspense fallback={waiting}>{popup(<ActionIcon {...look}>{children}</ActionIcon>)}</Suspense>;
}
