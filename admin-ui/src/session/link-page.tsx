// What a link in a mail opens: an invitation, or a forgotten password. Both end with a password.
import { Alert, Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { ApiProblem } from '../api/problem.ts';
import { textOfIssue } from '../form/messages.ts';
import { useText } from '../i18n/use-text.ts';
import { DoorFrame } from './door-frame.tsx';
import { leaveLink, type MailLink } from './link.ts';
import { reasonOf } from './reasons.ts';
import { ask, signOut } from './session.ts';

const paths: Readonly<Record<MailLink['kind'], string>> = { invitation: 'invitations/accept', reset: 'password/reset' };
const titles: Readonly<Record<MailLink['kind'], string>> = { invitation: 'link.invitation', reset: 'link.reset' };

export default function LinkPage({ info, link }: { readonly info: AppInfo; readonly link: MailLink }) {
  const { t } = useText();
  const [password, setPassword] = useState('');
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking');
  const [reason, setReason] = useState<string | null>(null);
  const [issue, setIssue] = useState<string | null>(null);

  const submit = async (): Promise<void> => {
    if (state === 'done') return leaveLink();
    setReason(null);
    setIssue(password === '' ? t('form.error.required') : null);
    if (password === '') return;
    setState('busy');
    try {
      await ask(paths[link.kind], { token: link.token, password });
      // Whoever was signed in here may be somebody else, and the account's own sessions have ended.
      await signOut();
      setState('done');
    } catch (error) {
      const about = error instanceof ApiProblem ? error.issues.find(({ pointer }) => pointer === '/password') : undefined;
      if (about === undefined) setReason(reasonOf(error, 'link.over'));
      else setIssue(textOfIssue(about));
      setState('asking');
    }
  };
  return (
    <DoorFrame
      info={info}
      title={t(state === 'done' ? 'link.doneTitle' : titles[link.kind])}
      reason={reason === null ? null : t(reason)}
      onSubmit={() => void submit()}
    >
      {state === 'done' ? (
        <Alert role="status" color="green" variant="light">
          {t('link.done')}
        </Alert>
      ) : (
        <PasswordInput
          name="password"
          autoComplete="new-password"
          autoFocus
          label={t('link.password')}
          value={password}
          error={issue}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          onChange={(event) => setPassword(event.currentTarget.value)}
          size="md"
        />
      )}
      <Button type="submit" size="md" loading={state === 'busy'} fullWidth>
        {t(state === 'done' ? 'action.signIn' : 'link.set')}
      </Button>
    </DoorFrame>
  );
}
