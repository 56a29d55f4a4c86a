// Resolves the path of a fact (`stage`, `address.city`, `account.industry`) against an entity of the registry.
import type { ValueKind } from '../conditions/value-kind.ts';
import type { Entity, Field, Registry, Relation } from './registry.ts';

export interface ResolvedFact {
  /** belongsTo relations to follow, outermost first. */
  readonly through: readonly Extract<Relation, { kind: 'belongsTo' }>[];
  /** The entity that holds the field. */
  readonly entity: Entity;
  readonly field: Field;
  /** Column suffix: '' or that of the addressed part. */
  readonly suffix: string;
  readonly kind: ValueKind;
}

/** Relations a path may cross, so that a filter cannot join without end. */
const maxFactDepth = 3;

/** What `path` means on `entity`; undefined when there is no such readable, filterable fact. */
export function resolveFact(registry: Registry, entity: Entity, path: string): ResolvedFact | undefined {
  const segments = path.split('.');
  const through: Extract<Relation, { kind: 'belongsTo' }>[] = [];
  let at = entity;
  while (segments.length > 0) {
    const [head = '', ...rest] = segments;
    const field = at.fields.get(head);
    if (field !== undefined && isNameable(field)) return fieldFact(through, at, field, rest);
    const relation = at.relations.get(head);
    if (relation?.kind !== 'belongsTo' || through.length === maxFactDepth) return undefined;
    const target = registry.entities.get(relation.target);
    if (target === undefined) return undefined;
    through.push(relation);
    at = target;
    segments.shift();
  }
  return undefined;
}

/** What may stand in conditions. A guarded value would be told by which records a condition finds. */
const isNameable = (field: Field): boolean => !field.hidden && field.type.secret !== true && field.guard === undefined;

function fieldFact(
  through: readonly Extract<Relation, { kind: 'belongsTo' }>[],
  entity: Entity,
  field: Field,
  rest: readonly string[],
): ResolvedFact | undefined {
  // The column's own kind: a 64-bit integer is a decimal string outside of PostgreSQL.
  const main = field.columns.find((column) => column.suffix === '');
  if (rest.length === 0) return { through, entity, field, suffix: '', kind: main?.kind ?? field.type.kind };
  const part =
    rest.length === 1 && rest[0] !== undefined && Object.hasOwn(field.type.parts ?? {}, rest[0])
      ? field.type.parts?.[rest[0]]
      : undefined;
  return part === undefined ? undefined : { through, entity, field, suffix: part.suffix, kind: part.kind };
}

/** Names that may start a path on this entity; for "did you mean". */
export function factNames(entity: Entity): readonly string[] {
  const fields = [...entity.fields.values()].filter(isNameable).map((field) => field.name);
  const relations = [...entity.relations.values()]
    .filter((relation) => relation.kind === 'belongsTo')
    .map((relation) => relation.name);
  return [...fields, ...relations];
}
