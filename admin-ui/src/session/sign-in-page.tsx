// The door: e-mail and password first; the second step, a forgotten password and other ways in where they are asked for.
import { lazy, Suspense, useState } from 'react';
import type { AppInfo } from '../api/app-info.ts';
import { PageLoading } from '../shell/page-loading.tsx';
import { PasswordStep } from './password-step.tsx';
import { reasonOfOutcome } from './reasons.ts';
import { signOnOutcome } from './sign-on.ts';

const CodeStep = lazy(() => import('./code-step.tsx'));
const ForgotStep = lazy(() => import('./forgot-step.tsx'));

type Step = { readonly kind: 'password'; readonly reason: string | null } | { readonly kind: 'forgot' } | CodeWanted;
interface CodeWanted {
  readonly kind: 'code';
  /** Undefined where the browser holds it in a cookie. */
  readonly challenge: string | undefined;
}

function firstStep(): Step {
  const outcome = signOnOutcome();
  if (outcome === 'second-factor') return { kind: 'code', challenge: undefined };
  return { kind: 'password', reason: reasonOfOutcome(outcome) };
}

export default function SignInPage({ info }: { readonly info: AppInfo }) {
  const [step, setStep] = useState(firstStep);
  const begin = (reason: string | null): void => setStep({ kind: 'password', reason });
  if (step.kind === 'password') {
    return (
      <PasswordStep
        info={info}
        reason={step.reason}
        onCodeWanted={(challenge) => setStep({ kind: 'code', challenge })}
        onForgot={() => setStep({ kind: 'forgot' })}
      />
    );
  }
  return (
    <Suspense fallback={<PageLoading />}>
      {step.kind === 'code' ? (
        <CodeStep info={info} challenge={step.challenge} onBack={begin} />
      ) : (
        <ForgotStep info={info} onBack={() => begin(null)} />
      )}
    </Suspense>
  );
}
