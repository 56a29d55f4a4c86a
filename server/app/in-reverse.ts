// Stops what was started, the last first.

/** One after the other, each even when another fails; the first failure is thrown at the end. */
export async function inReverse(stops: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of [...stops].reverse()) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
