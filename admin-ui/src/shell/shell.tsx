// The frame of every room: header, navigation, the page.
import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useMetadata } from '../metadata/use-metadata.ts';
import { LanguageMenu } from './language-menu.tsx';
import { Navigation } from './navigation.tsx';
import { SchemeMenu } from './scheme-menu.tsx';
import { SearchBox } from './search-box.tsx';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

/** A click on a link of the same page closes the drawer on phones, and the new page starts with its own heading. */
function useClosedOnNavigation(close: () => void): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current !== pathname) close();
    last.current = pathname;
  }, [pathname, close]);
}

export function Shell() {
  const { t, label } = useText();
  const { app, features } = useMetadata();
  const [opened, { toggle, close }] = useDisclosure(false);
  useClosedOnNavigation(close);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
      classNames={{ header: classes.header ?? '', navbar: classes.navbar ?? '', main: classes.main ?? '' }}
    >
      <a className="formwork-skip" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header>
        <div className={classes.bar}>
          <Group gap="xs" wrap="nowrap" className={classes.brandGroup}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('nav.toggle')}
              aria-expanded={opened}
            />
            <Link to="/" className={classes.brand}>
              <bdi>{label(app.label)}</bdi>
            </Link>
          </Group>
          {features.includes('search') ? <SearchBox /> : <span />}
          <Group gap={6} wrap="nowrap" justify="flex-end">
            <LanguageMenu />
            <SchemeMenu />
            <UserMenu />
          </Group>
        </div>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('nav.main')}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
