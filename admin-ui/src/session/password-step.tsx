// The first step: e-mail and password, and the other ways in that the server offers.
import { Anchor, Button, Divider, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { DoorFrame } from './door-frame.tsx';
import { reasonOf } from './reasons.ts';
import { signIn } from './session.ts';
import { loadProviders, type Providers, startOf } from './sign-on.ts';

export interface PasswordStepProps {
  readonly info: AppInfo;
  /** Key of the text that tells why the door stayed shut before. */
  readonly reason: string | null;
  readonly onCodeWanted: (challenge: string) => void;
  readonly onForgot: () => void;
}

export function PasswordStep({ info, reason: before, onCodeWanted, onForgot }: PasswordStepProps) {
  const { t } = useText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState(before);
  const [others, setOthers] = useState<Providers | null>(null);
  useEffect(() => {
    void loadProviders().then(setOthers);
  }, []);

  const submit = async (): Promise<void> => {
    setTried(true);
    setReason(null);
    if (email.trim() === '' || password === '') return;
    setBusy(true);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'second_factor_required') onCodeWanted(String(error.body['challenge']));
      else {
        setReason(reasonOf(error, 'signIn.wrong'));
        setBusy(false);
      }
    }
  };
  const missing = (value: string): string | null => (tried && value === '' ? t('form.error.required') : null);
  return (
    <DoorFrame info={info} title={t('signIn.title')} reason={reason === null ? null : t(reason)} onSubmit={() => void submit()}>
      <TextInput
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        dir="ltr"
        label={t('signIn.email')}
        value={email}
        error={missing(email)}
        onChange={(event) => setEmail(event.currentTarget.value)}
        size="md"
      />
      <PasswordInput
        name="password"
        autoComplete="current-password"
        label={t('signIn.password')}
        value={password}
        error={missing(password)}
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
        size="md"
      />
      <Button type="submit" size="md" loading={busy} fullWidth>
        {t('action.signIn')}
      </Button>
      {others?.password_reset === true ? (
        <Anchor component="button" type="button" size="sm" onClick={onForgot}>
          {t('signIn.forgot')}
        </Anchor>
      ) : null}
      {others === null || others.providers.length === 0 ? null : <Divider label={t('signIn.or')} />}
      {others?.providers.map(({ id, name, start }) => (
        <Button key={id} component="a" href={startOf(start)} variant="default" size="md" fullWidth>
          {t('signIn.with', { name })}
        </Button>
      ))}
    </DoorFrame>
  );
}
