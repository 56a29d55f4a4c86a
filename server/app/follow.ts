// Serves what is published, from now on: every newer registry takes the place of the one before, and records mirror it. Feature flags follow theirs.
import type { Registry } from '../metadata/registry.ts';
import { watchVersions } from '../versions/watch.ts';
import type { Parts } from './parts.ts';

export interface FollowOptions {
  /** A node answers requests, a worker does not. */
  readonly kind: 'node' | 'worker';
  /** Whether a node goes on with versions that a killed process left, because no worker runs beside it. */
  readonly continues?: boolean;
}

/**
 * When it resolves, this process serves the newest publication and is one of those that a change waits for.
 * @returns how it ends; after that the process keeps the registry that it serves
 * @throws the driver's error when there is no connection
 */
export async function followVersions(parts: Parts, { kind, continues = false }: FollowOptions): Promise<() => Promise<void>> {
  const { registry, studio, features, versions, newest } = parts;
  let mirrored: Promise<void> = Promise.resolve();
  /** One after the other: an earlier registry must not write after a later one. */
  const mirror = (next: Registry): void => {
    mirrored = mirrored.then(() => studio.mirror(next));
  };
  const holder = {
    current: registry.current,
    replace: (next: Registry) => {
      registry.replace(next);
      mirror(next);
    },
  };
  // A worker answers no queries, and loads nothing for them.
  const schemas = kind === 'node' ? await import('../graphql/schema.ts') : undefined;
  const prepare = async (next: Registry): Promise<void> => {
    await schemas?.prepareSchema(next);
    // Flags of entities that are renamed have their new names by now.
    await features.refresh();
  };
  const unfollow = await features.follow();
  const watcher = await watchVersions({ services: versions, holder, kind, continues, prepare }).catch(async (error: unknown) => {
    await unfollow();
    throw error;
  });
  newest.refresh = watcher.refresh;
  newest.state = watcher.state;
  mirror(registry.current());
  await Promise.all([mirrored, prepare(registry.current())]);
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= (async () => {
      newest.refresh = () => Promise.resolve(false);
      await Promise.all([watcher.stop(), unfollow()]);
      await mirrored;
    })();
    return stopped;
  };
}
