// Setting up a second factor, for those whose role asks for one: the key for the app, a code to prove it, the recovery codes.
import { Anchor, Button, Code, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { request } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { DoorFrame } from './door-frame.tsx';
import { reasonOf } from './reasons.ts';
import { renewSession, signOut } from './session.ts';

interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

export default function EnrolPage({ info }: { readonly info: AppInfo }) {
  const { t } = useText();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    request<{ readonly data: Enrolment }>('POST', '/auth/totp').then(
      ({ data }) => setEnrolment(data),
      (error: unknown) => setReason(reasonOf(error, 'error.unexpected')),
    );
  }, []);

  const submit = async (): Promise<void> => {
    setReason(null);
    setBusy(true);
    try {
      if (recovery !== null) await renewSession();
      else {
        const answer = await request<{ readonly data: { readonly recovery_codes: readonly string[] } }>(
          'POST',
          '/auth/totp/confirm',
          {
            body: { code: code.trim() },
          },
        );
        setRecovery(answer.data.recovery_codes);
      }
    } catch (error) {
      setReason(reasonOf(error, 'signIn.codeWrong'));
    }
    setBusy(false);
  };
  return (
    <DoorFrame
      info={info}
      title={t('enrol.title')}
      hint={t(recovery === null ? 'enrol.hint' : 'enrol.recovery')}
      reason={reason === null ? null : t(reason)}
      onSubmit={() => void submit()}
    >
      {recovery === null ? (
        <>
          <Stack gap={4}>
            <Text size="sm">{t('enrol.key')}</Text>
            <Code block dir="ltr">
              {enrolment?.secret.match(/.{1,4}/g)?.join(' ') ?? ''}
            </Code>
            <Anchor href={enrolment?.uri} size="sm">
              {t('enrol.open')}
            </Anchor>
          </Stack>
          <TextInput
            name="code"
            autoComplete="one-time-code"
            inputMode="numeric"
            dir="ltr"
            label={t('signIn.code')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            size="md"
          />
        </>
      ) : (
        <Code block dir="ltr">
          {recovery.join('\n')}
        </Code>
      )}
      <Button type="submit" size="md" loading={busy || enrolment === null} fullWidth>
        {t(recovery === null ? 'enrol.confirm' : 'enrol.kept')}
      </Button>
      <Anchor component="button" type="button" size="sm" onClick={() => void signOut()}>
        {t('action.signOut')}
      </Anchor>
    </DoorFrame>
  );
}
