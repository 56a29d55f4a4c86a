// Shown when not even app.json can be read.
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';
import { Providers } from './providers.tsx';

export function StartFailed() {
  const { t } = useText();
  return (
    <Providers>
      <Center component="main" mih="100dvh" p="lg">
        <Stack align="center" ta="center">
          <Title order={1} size="h3">
            {t('error.startTitle')}
          </Title>
          <Text c="dimmed">{t('error.startDetail')}</Text>
          <Button onClick={() => window.location.reload()}>{t('action.retry')}</Button>
        </Stack>
      </Center>
    </Providers>
  );
}
