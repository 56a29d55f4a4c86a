// Asks before something typed is lost: inside the app by a dialog, on closing the tab by the browser's own.
import { Button, Group, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../shell/dialog.tsx';

export function UnsavedGuard({ when }: { readonly when: boolean }) {
  const { t } = useText();
  const blocker = useBlocker({ shouldBlockFn: () => when, enableBeforeUnload: when, withResolver: true });
  const blocked = blocker.status === 'blocked';
  return (
    <Dialog opened={blocked} onClose={() => blocker.reset?.()} title={t('unsaved.title')}>
      <Text>{t('unsaved.detail')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {t('unsaved.leave')}
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          {t('unsaved.stay')}
        </Button>
      </Group>
    </Dialog>
  );
}
