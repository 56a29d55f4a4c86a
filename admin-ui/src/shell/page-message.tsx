// A page or panel that has nothing to show, and says why and what to do next.
import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageMessageProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly detail?: string;
  /** Heading level; 2 inside a page that has its own heading. */
  readonly order?: 1 | 2 | 3;
  readonly role?: 'alert' | 'status';
  readonly children?: ReactNode;
}

export function PageMessage({ icon, title, detail, order = 2, role, children }: PageMessageProps) {
  return (
    <Center py={64} px="lg" {...(role === undefined ? {} : { role })}>
      <Stack align="center" gap="sm" ta="center" maw={440}>
        <ThemeIcon variant="light" size={56} radius="xl" aria-hidden>
          {icon}
        </ThemeIcon>
        <Title order={order} size="h4">
          {title}
        </Title>
        {detail === undefined ? null : <Text c="dimmed">{detail}</Text>}
        {children}
      </Stack>
    </Center>
  );
}
