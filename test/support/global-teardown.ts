// After all test files: stops what global-setup.ts started and removes what the run made.

// Setup and teardown run in one process but as two copies of this module, so they meet in a global.
const key = Symbol.for('formwork.test.teardown');
const shared = globalThis as { [key]?: () => Promise<void> };

/** Gives the teardown its work. */
export function leaveForTeardown(work: () => Promise<void>): void {
  shared[key] = work;
}

export default async function teardown(): Promise<void> {
  await shared[key]?.();
}
