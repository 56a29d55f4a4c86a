// Draws its children from the first time that they are needed, and on: their code may be fetched then.
import { type ReactNode, Suspense, useState } from 'react';

export function Late({ when, children }: { readonly when: boolean; readonly children: ReactNode }) {
  const [ever, setEver] = useState(when);
  if (when && !ever) setEver(true);
  return ever ? <Suspense fallback={null}>{children}</Suspense> : null;
}
