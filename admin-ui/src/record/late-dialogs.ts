// The same dialogs as lazy components; to be drawn inside <Late>.
import { lazy } from 'react';
import { prepareToasts } from '../shell/toast.ts';

const load = () => import('./dialogs.ts');

export const ConflictDialog = lazy(async () => ({ default: (await load()).ConflictDialog }));
export const DeleteDialog = lazy(async () => ({ default: (await load()).DeleteDialog }));
export const UnsavedDialog = lazy(async () => ({ default: (await load()).UnsavedDialog }));

/** Called once something was typed: a question or a message may follow even when the line is down by then. */
export function prepareDialogs(): void {
  void load().catch(() => undefined);
  prepareToasts();
}
