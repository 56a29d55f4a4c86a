// The addresses of the rooms; each room's code is fetched when it is first entered.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseImportSearch } from '../import/import-search.ts';
import { parseListSearch } from '../list/list-search.ts';
import { parseCreateSearch } from '../record/create-form.ts';
import { Failure } from './failure.tsx';
import { NotFound } from './not-found.tsx';
import { PageLoading } from './page-loading.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./home.tsx')),
});

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/records/$entity',
  validateSearch: parseListSearch,
  component: lazyRouteComponent(() => import('../list/list-page.tsx')),
});

const create = createRoute({
  getParentRoute: () => rootRoute,
  path: '/records/$entity/new',
  validateSearch: parseCreateSearch,
  component: lazyRouteComponent(() => import('../record/create-page.tsx')),
});

const importing = createRoute({
  getParentRoute: () => rootRoute,
  path: '/records/$entity/import',
  validateSearch: parseImportSearch,
  component: lazyRouteComponent(() => import('../import/import-page.tsx')),
});

const record = createRoute({
  getParentRoute: () => rootRoute,
  path: '/records/$entity/$id',
  component: lazyRouteComponent(() => import('../record/record-page.tsx')),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([home, list, create, importing, record]),
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: ({ error, reset }) => <Failure order={1} error={error} onRetry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
