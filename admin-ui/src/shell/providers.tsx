// Everything the pages stand on: theme, direction, toasts.
import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { directionOf } from '../i18n/languages.ts';
import { useText } from '../i18n/use-text.ts';
import { theme, variables } from '../theme/theme.ts';
import { useToastsWanted } from './toast.ts';

const Toasts = lazy(() => import('./toasts.tsx'));

/** The nonce the server may put into the page for style tags. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The scroll lock of dialogs reads its nonce from here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

/** Turns Mantine's direction when the language turns, without a reload. */
function FollowLanguage() {
  const { language } = useText();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(directionOf(language)), [language, setDirection]);
  return null;
}

export function Providers({ children }: { readonly children: ReactNode }) {
  const { language } = useText();
  const toasts = useToastsWanted();
  return (
    <DirectionProvider initialDirection={directionOf(language)} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <FollowLanguage />
        {toasts ? (
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        ) : null}
        {children}
      </MantineProvider>
    </DirectionProvider>
  );
}
