// The icon an entity names in its metadata, from a generic subset of the Tabler set fetched beside the shell.
import { lazy, Suspense } from 'react';

const Drawn = lazy(() => import('./entity-icons.tsx'));

export function EntityIcon({ name, size }: { readonly name: string | undefined; readonly size: number }) {
  return (
    <Suspense fallback={<svg width={size} height={size} aria-hidden="true" />}>
      <Drawn name={name} size={size} />
    </Suspense>
  );
}
