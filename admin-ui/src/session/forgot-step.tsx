// A forgotten password: asks for a link by mail. Whether there is an account under the address, nobody is told.
import { Alert, Anchor, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { useText } from '../i18n/use-text.ts';
import { DoorFrame } from './door-frame.tsx';
import { reasonOf } from './reasons.ts';
import { ask } from './session.ts';

export default function ForgotStep({ info, onBack }: { readonly info: AppInfo; readonly onBack: () => void }) {
  const { t } = useText();
  const [email, setEmail] = useState('');
  const [state, setState] = useState<'asking' | 'busy' | 'sent'>('asking');
  const [reason, setReason] = useState<string | null>(null);

  const submit = async (): Promise<void> => {
    setReason(null);
    if (email.trim() === '') return;
    setState('busy');
    try {
      await ask('password/forgot', { email: email.trim() });
      setState('sent');
    } catch (error) {
      setReason(reasonOf(error, 'error.unexpected'));
      setState('asking');
    }
  };
  return (
    <DoorFrame
      info={info}
      title={t('signIn.forgotTitle')}
      hint={t('signIn.forgotHint')}
      reason={reason === null ? null : t(reason)}
      onSubmit={() => void submit()}
    >
      {state === 'sent' ? (
        <Alert role="status" color="green" variant="light">
          {t('signIn.forgotSent')}
        </Alert>
      ) : (
        <>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            dir="ltr"
            label={t('signIn.email')}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            size="md"
          />
          <Button type="submit" size="md" loading={state === 'busy'} fullWidth>
            {t('signIn.forgotSend')}
          </Button>
        </>
      )}
      <Anchor component="button" type="button" size="sm" onClick={onBack}>
        {t('signIn.back')}
      </Anchor>
    </DoorFrame>
  );
}
