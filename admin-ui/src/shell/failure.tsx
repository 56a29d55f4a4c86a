// A read that failed: what the server said, and a way to try again.
import { Button, Code } from '@mantine/core';
import { IconPlugConnectedX, IconZoomQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { PageMessage } from './page-message.tsx';

interface FailureProps {
  readonly error: unknown;
  /** Level of its heading: 1 where nothing else stands on the page. */
  readonly order?: 1 | 2 | 3;
  readonly onRetry?: () => void;
  /** The way on from what does not exist. */
  readonly children?: ReactNode;
}

export function Failure({ error, order = 2, onRetry, children }: FailureProps) {
  const { t } = useText();
  const problem = error instanceof ApiProblem ? error : null;
  if (problem?.status === 404) {
    return (
      <PageMessage icon={<IconZoomQuestion />} order={order} title={t('error.notFoundTitle')} detail={t('error.notFoundDetail')}>
        {children}
      </PageMessage>
    );
  }
  const requestId = problem?.body['requestId'];
  return (
    <PageMessage
      icon={<IconPlugConnectedX />}
      role="alert"
      order={order}
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
