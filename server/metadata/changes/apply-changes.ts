// Asked operations → the next documents of the metadata, checked as a whole; pure, nothing is stored.
import type { Registry } from '../registry.ts';
import type { ChangeOptions, ChangeResult } from './types.ts';

export async function applyChanges(registry: Registry, _changes: unknown, _options: ChangeOptions = {}): Promise<ChangeResult> {
  const names = { entityNames: {}, memberNames: {} };
  const { documents } = registry;
  return { issues: [], documents, data: [], names, touched: [], emptyUnconvertible: new Set(), registry };
}
