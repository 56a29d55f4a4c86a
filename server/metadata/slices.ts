// Long work in small parts: done at once where nobody waits, a little at a time where a server answers others in between.
import { setImmediate as others } from 'node:timers/promises';

/** Work that may be interrupted at each `yield`; returns its result. */
export type Parts<T> = Generator<undefined, T>;

export function drained<T>(parts: Parts<T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

/** How long requests may have to wait at a time, unless a single part takes longer. */
const atOnceMs = 3;

export async function inSlices<T>(parts: Parts<T>): Promise<T> {
  for (let since = performance.now(); ; ) {
    const { done, value } = parts.next();
    if (done === true) return value;
    if (performance.now() - since < atOnceMs) continue;
    await others();
    since = performance.now();
  }
}
