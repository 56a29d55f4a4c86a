// The root: the sign-in page until somebody is signed in, then the rooms.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { useLink } from '../session/link.ts';
import { useSessionStatus } from '../session/session.ts';
import { PageLoading } from './page-loading.tsx';
import { Providers } from './providers.tsx';

const SignInPage = lazy(() => import('../session/sign-in-page.tsx'));
const LinkPage = lazy(() => import('../session/link-page.tsx'));
const EnrolPage = lazy(() => import('../session/enrol-page.tsx'));
const Rooms = lazy(() => import('./rooms.tsx'));

/** A refusal will be refused again; only a lost line is worth another try. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 502);

const queryClient = new QueryClient({
  defaultOptions: {
    // Without a line a request fails and says so, instead of waiting for one unseen.
    queries: { networkMode: 'always', retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: false },
  },
});

function Door({ info }: { readonly info: AppInfo }) {
  const status = useSessionStatus();
  const { label } = useText();
  useEffect(() => {
    if (status === 'signedOut') queryClient.clear();
  }, [status]);
  useEffect(() => {
    document.title = label(info.label);
  }, [info, label]);
  return (
    <Suspense fallback={<PageLoading />}>
      <Room info={info} />
    </Suspense>
  );
}

/** The link of a mail comes first: it is about an account, whoever is signed in in this browser. */
function Room({ info }: { readonly info: AppInfo }) {
  const status = useSessionStatus();
  const link = useLink();
  if (link !== undefined) return <LinkPage info={info} link={link} />;
  if (status === 'mustEnrol') return <EnrolPage info={info} />;
  return status === 'signedIn' ? <Rooms /> : <SignInPage info={info} />;
}

export function App({ info }: { readonly info: AppInfo }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Providers>
        <Door info={info} />
      </Providers>
    </QueryClientProvider>
  );
}
