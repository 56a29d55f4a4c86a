// Asks whether to leave what was typed behind.
import { Button, Group, Text } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';
import { Dialog } from '../shell/dialog.tsx';

interface UnsavedDialogProps {
  readonly opened: boolean;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

export function UnsavedDialog({ opened, onStay, onLeave }: UnsavedDialogProps) {
  const { t } = useText();
  return (
    <Dialog opened={opened} onClose={onStay} title={t('unsaved.title')}>
      <Text>{t('unsaved.detail')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onLeave}>
          {t('unsaved.leave')}
        </Button>
        <Button data-autofocus onClick={onStay}>
          {t('unsaved.stay')}
        </Button>
      </Group>
    </Dialog>
  );
}
