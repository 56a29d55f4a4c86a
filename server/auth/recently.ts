// What was read within the last four seconds; how old the word of another node on a session, a role or a key may be.

/** A change acts within five seconds, that of the request itself and of a busy machine included. */
const keptMs = 4_000;
const sweepAbove = 5_000;

export interface Recently<Question, Answer> {
  /** Requests at the same time share one reading; a failed one is not remembered. */
  get(question: Question): Promise<Answer>;
  forget(which: (key: string) => boolean): void;
}

export function recently<Question, Answer>(
  keyOf: (question: Question) => string,
  read: (question: Question) => Promise<Answer>,
  now: () => number = Date.now,
): Recently<Question, Answer> {
  const known = new Map<string, { readonly at: number; readonly answer: Promise<Answer> }>();
  const isOver = ({ at }: { readonly at: number }): boolean => now() - at >= keptMs;

  return {
    get(question) {
      const key = keyOf(question);
      const found = known.get(key);
      if (found !== undefined && !isOver(found)) return found.answer;
      if (known.size >= sweepAbove) for (const [other, entry] of known) if (isOver(entry)) known.delete(other);
      const entry = { at: now(), answer: read(question) };
      known.set(key, entry);
      entry.answer.catch(() => {
        if (known.get(key) === entry) known.delete(key);
      });
      return entry.answer;
    },
    forget(which) {
      for (const key of known.keys()) if (which(key)) known.delete(key);
    },
  };
}
