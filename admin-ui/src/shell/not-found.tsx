// The page for addresses that lead nowhere.
import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { PageMessage } from './page-message.tsx';

export function NotFound() {
  const { t } = useText();
  return (
    <PageMessage icon={<IconMapQuestion />} order={1} title={t('error.pageTitle')} detail={t('error.pageDetail')}>
      <Button component={Link} to="/" variant="light">
        {t('action.home')}
      </Button>
    </PageMessage>
  );
}
