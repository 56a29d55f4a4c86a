// Short messages at the foot of the page. What draws them is fetched when the first is near: prepare early, show late.
import type { NotificationData } from '@mantine/notifications';
import { useSyncExternalStore } from 'react';

let wanted = false;
const listeners = new Set<() => void>();
const load = () => import('./toasts.tsx');

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether the place where messages appear has to be drawn. */
export const useToastsWanted = (): boolean => useSyncExternalStore(subscribe, () => wanted);

/** Called when a message is likely soon, so that it can be shown even if the line breaks before it. */
export function prepareToasts(): void {
  if (wanted) return;
  wanted = true;
  void load().catch(() => undefined);
  for (const listener of listeners) listener();
}

export async function showToast(data: NotificationData): Promise<void> {
  prepareToasts();
  (await load()).notifications.show(data);
}

export async function hideToast(id: string): Promise<void> {
  (await load()).notifications.hide(id);
}
