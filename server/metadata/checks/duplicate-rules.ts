// Duplicate rules: what they compare must be comparable in that way, and their sums must be reachable.
import { pointerOf } from '../pointer.ts';
import type { Entity, Field } from '../registry.ts';
import type { DuplicateMatch, DuplicateRule } from '../types.ts';
import type { CheckSubject } from './subject.ts';
import type { LookUp } from './uses.ts';

export function checkDuplicateRules(report: CheckSubject['report'], entity: Entity, lookUp: LookUp): void {
  const { meta } = entity;
  for (const [at, rule] of (meta.duplicateRules ?? []).entries()) {
    const told = (steps: readonly (string | number)[], message: string): void =>
      report(meta, pointerOf('duplicateRules', at, ...steps), message);
    if (entity.partitioned) told([], 'Records in monthly partitions are not held to duplicate rules.');
    for (const [key, match] of rule.match.entries()) {
      const field = lookUp(match.field, pointerOf('duplicateRules', at, 'match', key, 'field'));
      const wrong = field === undefined ? undefined : unfit(field, match);
      if (wrong !== undefined) told(['match', key, 'field'], wrong);
      for (const [setting, message] of idle(rule, match)) told(['match', key, setting], message);
    }
  }
}

/** Why the values of a field cannot be compared so. */
function unfit(field: Field, { field: path, method, as }: DuplicateMatch): string | undefined {
  const { type } = field;
  const part = path.split('.')[1];
  if (type.secret === true) return `"${path}" is secret and not compared.`;
  if (type.parts !== undefined && part === undefined)
    return `"${path}" has several parts: name one, such as ${path}.${Object.keys(type.parts)[0] ?? 'part'}.`;
  const kind = part === undefined ? type.kind : (type.parts?.[part]?.kind ?? type.kind);
  if (kind === 'json' || kind === 'set') return `A field of type ${type.name} cannot be compared.`;
  if (kind !== 'text' && method !== 'exact') return `A field of type ${type.name} is compared by "exact" only.`;
  if (method === 'exact' && type.name === 'longText') return 'A long text is compared by "normalized", which has an index.';
  const named = ['email', 'url', 'phone'].includes(type.name);
  if (as !== undefined && named) return `A field of type ${type.name} has a key of its own; "as" is for texts.`;
  return undefined;
}

/** Settings that say nothing here. */
function* idle({ threshold }: DuplicateRule, match: DuplicateMatch): Generator<readonly [setting: string, message: string]> {
  if (match.similarity !== undefined && match.method !== 'similar')
    yield ['similarity', `"similarity" is for the method "similar", not for "${match.method}".`];
  if (match.as !== undefined && (match.method === 'exact' || match.method === 'folded'))
    yield ['as', `"${match.method}" takes no "as".`];
  for (const setting of ['weight', 'penalty'] as const)
    if (threshold === undefined && match[setting] !== undefined) yield [setting, `"${setting}" is for rules with a "threshold".`];
}
