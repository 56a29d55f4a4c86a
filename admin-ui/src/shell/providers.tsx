// Everything the pages stand on: theme, direction, toasts.
import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type ReactNode, useEffect } from 'react';
import { directionOf } from '../i18n/languages.ts';
import { useText } from '../i18n/use-text.ts';
import { theme, variables } from '../theme/theme.ts';

/** The nonce the server may put into the page for style tags. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/** Turns Mantine's direction when the language turns, without a reload. */
function FollowLanguage() {
  const { language } = useText();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(directionOf(language)), [language, setDirection]);
  return null;
}

export function Providers({ children }: { readonly children: ReactNode }) {
  const { language } = useText();
  return (
    <DirectionProvider initialDirection={directionOf(language)} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <FollowLanguage />
        <Notifications position="bottom-center" />
        {children}
      </MantineProvider>
    </DirectionProvider>
  );
}
