// Which maintained columns the duplicate rules of an entity ask for: one a field (or part) and normaliser.
import { createHash } from 'node:crypto';
import { type NormaliserName, normaliserVersion } from '../matching/normalisers.ts';
import { systemFieldId } from './system-fields.ts';
import type { DuplicateMatch, EntityMetadata } from './types.ts';

export interface MatchKey {
  /** Column and hidden field, e.g. `match_1a2b3c4d`; the same whatever the field is called. */
  readonly name: string;
  readonly normaliser: NormaliserName;
  readonly field: string;
  /** Of an address: `city`. */
  readonly part?: string;
}

/** The key that a match compares; undefined where the stored value itself is compared. */
export function matchKeyOf(entity: EntityMetadata, match: DuplicateMatch): MatchKey | undefined {
  const [field = '', part] = match.field.split('.');
  const meta = Object.hasOwn(entity.fields, field) ? entity.fields[field] : undefined;
  const normaliser = normaliserOf(meta?.type ?? 'text', match);
  if (normaliser === undefined) return undefined;
  const id = [meta?.id ?? systemFieldId(field), part ?? '', normaliser, normaliserVersion];
  const hash = createHash('sha256').update(JSON.stringify(id)).digest('hex').slice(0, 8);
  return { name: `match_${hash}`, normaliser, field, ...(part === undefined ? {} : { part }) };
}

const known = new WeakMap<EntityMetadata, readonly MatchKey[]>();

/** All of an entity, each once. */
export function matchKeysOf(entity: EntityMetadata): readonly MatchKey[] {
  const keys = known.get(entity) ?? distinctKeys(entity);
  known.set(entity, keys);
  return keys;
}

function distinctKeys(entity: EntityMetadata): readonly MatchKey[] {
  const keys = (entity.duplicateRules ?? []).flatMap(({ match }) => match.map((one) => matchKeyOf(entity, one)));
  return [...new Map(keys.flatMap((key) => (key === undefined ? [] : [[key.name, key] as const]))).values()];
}

/** Telephone numbers are stored in their normal form (E.164). */
function normaliserOf(type: string, { method, as = 'text' }: DuplicateMatch): NormaliserName | undefined {
  if (method === 'exact' || (method === 'normalized' && type === 'phone')) return undefined;
  if (method === 'folded') return 'folded';
  if (method === 'phonetic') return `${as}Sound`;
  if (type === 'email') return 'email';
  return type === 'url' ? 'website' : as;
}
