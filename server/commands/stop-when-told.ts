// Ends a long-running command gently: on a signal, or when the process that forked it is gone.

/** A terminal sends Ctrl-C to every process of the group, and npm passes it on once more: one wish, not two. */
const sameWishMs = 500;

/**
 * Runs `stop` once and ends the process: code 0, or 1 when it fails. A further signal ends at once, with 1, because the
 * first is taking too long for whoever waits.
 * @param tell is told what made it stop: the name of the signal, or `disconnect`
 */
export function stopWhenTold(stop: () => Promise<void>, tell: (why: string) => void = () => undefined): void {
  let since: number | undefined;
  const begin = (why: string): void => {
    since = performance.now();
    tell(why);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (since === undefined) begin(signal);
      else if (performance.now() - since > sameWishMs) process.exit(1);
    });
  }
  if (process.send === undefined) return;
  const orphaned = (): void => {
    if (since === undefined) begin('disconnect');
  };
  process.once('disconnect', orphaned);
  if (!process.connected) orphaned();
}
