// The quiet moment before a page has its first data.
import { Center, Loader } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';

export function PageLoading() {
  const { t } = useText();
  return (
    <Center mih="60dvh" role="status" aria-label={t('state.loading')}>
      <Loader type="dots" />
    </Center>
  );
}
