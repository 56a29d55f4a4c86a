// A titled card of a form; one that the layout says is collapsed opens on a click.
import { Collapse, Paper, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from '../form.module.css';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly collapsed: boolean;
  readonly children: ReactNode;
}

export function Section({ id, title, collapsed, children }: SectionProps) {
  const [open, { toggle }] = useDisclosure(!collapsed);
  const heading = (
    <Title order={2} size="h5" id={id}>
      {title}
    </Title>
  );
  return (
    <Paper component="section" withBorder className={classes.section ?? ''} aria-labelledby={id}>
      {collapsed ? (
        <>
          <UnstyledButton className={classes.toggle ?? ''} aria-expanded={open} aria-labelledby={id} onClick={toggle}>
            {heading}
            <IconChevronDown size={18} aria-hidden className={classes.chevron} data-open={open || undefined} />
          </UnstyledButton>
          <Collapse expanded={open}>
            <div className={classes.stack}>{children}</div>
          </Collapse>
        </>
      ) : (
        <div className={classes.stack}>
          {heading}
          {children}
        </div>
      )}
    </Paper>
  );
}
