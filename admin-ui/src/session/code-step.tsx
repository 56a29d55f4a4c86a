// The second step: the code of the authenticator app, or a recovery code.
import { Anchor, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { DoorFrame } from './door-frame.tsx';
import { reasonOf } from './reasons.ts';
import { signInWithCode } from './session.ts';

export interface CodeStepProps {
  readonly info: AppInfo;
  readonly challenge: string | undefined;
  /** To the first step; with the key of a text when this one is over. */
  readonly onBack: (reason: string | null) => void;
}

export default function CodeStep({ info, challenge, onBack }: CodeStepProps) {
  const { t } = useText();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string | null>(null);

  const submit = async (): Promise<void> => {
    setReason(null);
    if (code.trim() === '') return;
    setBusy(true);
    try {
      await signInWithCode(code.trim(), challenge);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'unauthenticated') onBack('signIn.stepOver');
      else {
        setReason(reasonOf(error, 'signIn.codeWrong'));
        setBusy(false);
      }
    }
  };
  return (
    <DoorFrame
      info={info}
      title={t('signIn.codeTitle')}
      hint={t('signIn.codeHint')}
      reason={reason === null ? null : t(reason)}
      onSubmit={() => void submit()}
    >
      <TextInput
        name="code"
        autoComplete="one-time-code"
        autoFocus
        dir="ltr"
        label={t('signIn.code')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        size="md"
      />
      <Button type="submit" size="md" loading={busy} fullWidth>
        {t('action.signIn')}
      </Button>
      <Anchor component="button" type="button" size="sm" onClick={() => onBack(null)}>
        {t('signIn.back')}
      </Anchor>
    </DoorFrame>
  );
}
