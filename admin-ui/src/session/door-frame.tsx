// What the pages of the door share: the card with its title, the reason why it stayed shut, language and colours at hand.
import { Alert, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { useText } from '../i18n/use-text.ts';
import { LanguageMenu } from '../shell/language-menu.tsx';
import { SchemeMenu } from '../shell/scheme-menu.tsx';
import classes from './sign-in.module.css';

export interface DoorFrameProps {
  readonly info: AppInfo;
  readonly title: string;
  /** Under the title; the application's name when absent. */
  readonly hint?: string;
  /** Why it stayed shut, already in words. */
  readonly reason?: string | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

export function DoorFrame({ info, title, hint, reason = null, onSubmit, children }: DoorFrameProps) {
  const { label } = useText();
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (reason !== null) alert.current?.focus();
  }, [reason]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <div className={classes.page}>
      <Group className={classes.corner} gap={6}>
        <LanguageMenu />
        <SchemeMenu />
      </Group>
      <Paper component="main" withBorder radius="lg" p={{ base: 'lg', sm: 36 }} className={classes.card}>
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <div>
              <img src="/favicon.svg" alt="" width={40} height={40} />
              <Title order={1} size="h2" mt="sm">
                {title}
              </Title>
              <Text c="dimmed">{hint ?? <bdi>{label(info.label)}</bdi>}</Text>
            </div>
            {reason === null ? null : (
              <Alert ref={alert} tabIndex={-1} role="alert" color="red" variant="light" icon={<IconAlertCircle aria-hidden />}>
                {reason}
              </Alert>
            )}
            {children}
          </Stack>
        </form>
      </Paper>
    </div>
  );
}
