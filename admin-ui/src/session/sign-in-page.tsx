// The door: e-mail and password, the language and colour switches already at hand.
import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { LanguageMenu } from '../shell/language-menu.tsx';
import { SchemeMenu } from '../shell/scheme-menu.tsx';
import { signIn } from './session.ts';
import classes from './sign-in.module.css';

/** Key of the text that tells why the door stayed shut. */
function reasonOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'error.unexpected';
  if (error.code === 'network') return 'error.network';
  if (error.status === 401) return 'signIn.wrong';
  if (error.status === 429) return 'signIn.tooMany';
  return error.status === 422 || error.status === 400 ? 'signIn.wrong' : 'error.unexpected';
}

export default function SignInPage({ info }: { readonly info: AppInfo }) {
  const { t, label } = useText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (reason !== null) alert.current?.focus();
  }, [reason]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    setReason(null);
    if (email.trim() === '' || password === '') return;
    setBusy(true);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      setReason(reasonOf(error));
      setBusy(false);
    }
  };
  const missing = (value: string): string | null => (tried && value === '' ? t('form.error.required') : null);
  return (
    <div className={classes.page}>
      <Group className={classes.corner} gap={6}>
        <LanguageMenu />
        <SchemeMenu />
      </Group>
      <Paper component="main" withBorder radius="lg" p={{ base: 'lg', sm: 36 }} className={classes.card}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            <div>
              <img src="/favicon.svg" alt="" width={40} height={40} />
              <Title order={1} size="h2" mt="sm">
                {t('signIn.title')}
              </Title>
              <Text c="dimmed">
                <bdi>{label(info.label)}</bdi>
              </Text>
            </div>
            {reason === null ? null : (
              <Alert ref={alert} tabIndex={-1} role="alert" color="red" variant="light" icon={<IconAlertCircle aria-hidden />}>
                {t(reason)}
              </Alert>
            )}
            <TextInput
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
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
          </Stack>
        </form>
      </Paper>
    </div>
  );
}
