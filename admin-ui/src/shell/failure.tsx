// A read that failed: what the server said, and a way to try again.
import { Button, Code } from '@mantine/core';
import { IconPlugConnectedX, IconZoomQuestion } from '@tabler/icons-react';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { PageMessage } from './page-message.tsx';

export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useText();
  const problem = error instanceof ApiProblem ? error : null;
  if (problem?.status === 404) {
    return <PageMessage icon={<IconZoomQuestion />} title={t('error.notFoundTitle')} detail={t('error.notFoundDetail')} />;
  }
  const requestId = problem?.body['requestId'];
  return (
    <PageMessage
      icon={<IconPlugConnectedX />}
      role="alert"
      title={problem?.code === 'network' ? t('error.networkTitle') : t('error.title')}
      detail={problem?.message ?? t('error.unexpected')}
    >
      {typeof requestId === 'string' ? <Code>{requestId}</Code> : null}
      {onRetry === undefined ? null : (
        <Button variant="light" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </PageMessage>
  );
}
