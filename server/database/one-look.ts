// Looks at something in the database one after the other, however many ask for a look at the same time.

export interface OneLook<Result> {
  /** Whoever asks during a look gets the result of the next, which sees what was written meanwhile. */
  (): Promise<Result>;
  /** Resolves when no look is under way any more, whatever became of it. */
  settled(): Promise<void>;
}

export function oneLook<Result>(look: () => Promise<Result>): OneLook<Result> {
  let looking: Promise<Result> | undefined;
  let next: Promise<Result> | undefined;
  function ask(): Promise<Result> {
    if (looking === undefined) {
      looking = look().finally(() => {
        looking = undefined;
      });
      return looking;
    }
    next ??= looking
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return ask();
      });
    return next;
  }
  return Object.assign(ask, {
    settled: async () => {
      await Promise.allSettled([looking, next]);
    },
  });
}
