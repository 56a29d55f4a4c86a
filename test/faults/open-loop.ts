// Requests by schedule, whatever the answers do: latency counts from the time at which a request was due.

export interface Sample {
  readonly kind: 'read' | 'write';
  /** What was done: `get`, `create` … */
  readonly what: string;
  /** Milliseconds by `performance.now()` at which it was due, and from then until the answer was there. */
  readonly due: number;
  readonly ms: number;
  readonly failure: string | undefined;
}

export interface OpenLoop {
  readonly samples: readonly Sample[];
  /** Resolves when every request that is under way now has been answered. */
  settled(): Promise<void>;
  /** Sends no more; resolves when all is answered. */
  stop(): Promise<void>;
}

export type Act = (count: number) => {
  readonly kind: Sample['kind'];
  readonly what: string;
  readonly done: Promise<string | undefined>;
};

/** @param act sends one request; its promise tells the failure, undefined when there was none */
export function openLoop(rate: number, act: Act): OpenLoop {
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  const gap = 1000 / rate;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const fire = (due: number): void => {
    const { kind, what, done } = act(count);
    const measured = done
      .catch((error: unknown) => `${what}: ${reasonOf(error)}`)
      .then((failure) => {
        samples.push({ kind, what, due, ms: performance.now() - due, failure });
        underWay.delete(measured);
      });
    underWay.add(measured);
  };
  const tick = (): void => {
    for (; start + count * gap <= performance.now(); count += 1) fire(start + count * gap);
    timer = setTimeout(tick, Math.max(0, start + count * gap - performance.now()));
  };
  tick();
  const settled = async (): Promise<void> => {
    await Promise.all(underWay);
  };
  return {
    samples,
    settled,
    stop: async () => {
      clearTimeout(timer);
      await settled();
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** The value below which the given share lies (nearest rank); 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
