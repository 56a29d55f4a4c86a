// Asks before something typed is lost: inside the app by a dialog, on closing the tab by the browser's own.
import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Late } from '../shell/late.tsx';
import { prepareDialogs, UnsavedDialog } from './late-dialogs.ts';

export function UnsavedGuard({ when }: { readonly when: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: () => when, enableBeforeUnload: when, withResolver: true });
  const blocked = blocker.status === 'blocked';
  useEffect(() => {
    if (when) prepareDialogs();
  }, [when]);
  return (
    <Late when={blocked}>
      <UnsavedDialog opened={blocked} onStay={() => blocker.reset?.()} onLeave={() => blocker.proceed?.()} />
    </Late>
  );
}
