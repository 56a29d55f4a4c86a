// The facts of one event: the record as it became and was, what it refers to, and yes or no for its to-many conditions.
import type { Knex } from 'knex';
import type { Condition } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import { vocabularyOf } from '../metadata/vocabulary.ts';
import type { Context } from '../repository/context.ts';
import { loadFacts } from '../repository/record-facts.ts';
import type { Repository } from '../repository/repository.ts';
import type { FactSet } from './evaluate.ts';
import { type RecordEvent, recordOfEvent } from './event.ts';
import { relatedPrefix } from './quantifiers.ts';

export interface FactServices {
  readonly repository: Repository;
  readonly knex: Knex;
}

/** Which facts a workflow asks for. */
export interface Asked {
  readonly paths: readonly string[];
  /** By the name of the fact that stands for it. */
  readonly related: ReadonlyMap<string, Condition>;
}

const previous = 'previous.';

/** Kind of a fact path on an entity; undefined when there is no such fact. */
export function factKinds(registry: Registry, entity: Entity): (path: string) => ValueKind | undefined {
  const vocabulary = vocabularyOf(registry, entity);
  return (path) => {
    if (path.startsWith(relatedPrefix)) return 'boolean';
    return vocabulary.describe(path.startsWith(previous) ? path.slice(previous.length) : path)?.kind;
  };
}

/** Reads what the event itself does not carry, then answers from memory. */
export async function eventFacts(
  services: FactServices,
  context: Context,
  entity: Entity,
  event: RecordEvent,
  asked: Asked,
): Promise<FactSet> {
  const record = { before: event.before, after: recordOfEvent(event) };
  const own = await loadFacts(
    { knex: services.knex, hooks: [], onError: () => undefined },
    context,
    entity,
    record,
    asked.paths.filter((path) => path.includes('.')),
  );
  const related = new Map<string, boolean>();
  for (const [name, condition] of asked.related)
    related.set(name, await holdsNow(services, context, entity, event.recordId, condition));
  return {
    value: (path) => (related.has(path) ? related.get(path) : own.value(path)),
    kind: factKinds(context.registry, entity),
  };
}

/** Whether the stored record meets a condition on its related records; they are not part of the event. */
async function holdsNow(
  { repository }: FactServices,
  context: Context,
  entity: Entity,
  id: string,
  condition: Condition,
): Promise<boolean> {
  const page = await repository.list(context, {
    entity: entity.name,
    selection: { fields: ['id'], include: [] },
    filter: { all: [{ fact: 'id', operator: 'equal', value: id }, condition] },
    sort: [],
    limit: 1,
    count: 'none',
    deleted: 'live',
  });
  return page.rows.length > 0;
}
