// What may stand in a flag's record, on every path that writes one; and the word to all processes when one was written.
import { didYouMean } from '../conditions/did-you-mean.ts';
import { locksOut } from '../metadata/features.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { HookSet } from '../repository/hooks.ts';
import type { FeatureFlags } from './feature-flags.ts';
import { flagsEntity, targetsEntity } from './read-flags.ts';

export function flagHook(flags: Pick<FeatureFlags, 'known' | 'announce'>): HookSet {
  return {
    name: 'feature flags',
    beforeSave: ({ registry }, { entity, changed, after }) => {
      if (entity.name !== flagsEntity || !changed.includes('name')) return undefined;
      const issue = issueOf(registry, String(after?.['name']), [...flags.known().keys()]);
      return issue === undefined ? undefined : { issues: [{ pointer: '/name', ...issue }] };
    },
    afterCommit: async (_context, changes) => {
      if (changes.some(({ entity }) => entity.name === flagsEntity || entity.name === targetsEntity)) await flags.announce();
    },
  };
}

function issueOf(registry: Registry, name: string, known: readonly string[]): Omit<Issue, 'pointer'> | undefined {
  const { flagPrefix } = registry.app;
  const bare = name.startsWith(flagPrefix) ? name.slice(flagPrefix.length) : name;
  if (bare !== name && known.includes(bare)) {
    const detail = `The name of the flag ${name} is "${bare}": the prefix stands before it by itself.`;
    return { code: 'unknown_feature', detail };
  }
  // A name like none of them may be that of a feature to come; one that is near is a slip of the pen.
  const near = known.includes(name) ? '' : didYouMean(name, known);
  if (near !== '') return { code: 'unknown_feature', detail: `There is no feature "${name}".${near}` };
  if (!locksOut(registry, name)) return undefined;
  return { code: 'locks_out', detail: `Without "${name}" nobody could switch anything on again: it has no flag.` };
}
