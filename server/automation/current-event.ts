// An event in today's names: it may have been written before a rename.
import { currentMember, entityNamed } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { RecordValues } from '../repository/records.ts';
import type { RecordEvent } from './event.ts';

/** The event itself where nothing it names has been renamed. */
export function currentEvent(registry: Registry, event: RecordEvent): RecordEvent {
  const entity = entityNamed(registry, event.entity);
  if (entity === undefined) return event;
  const { name } = entity;
  if (entity.aliases.size === 0) return name === event.entity ? event : { ...event, entity: name };
  return {
    ...event,
    entity: name,
    before: currentValues(entity, event.before),
    after: currentValues(entity, event.after),
    changed: event.changed.map((field) => currentMember(entity, field)),
  };
}

const currentValues = (entity: Entity, values: RecordValues | null): RecordValues | null =>
  values === null
    ? null
    : Object.fromEntries(Object.entries(values).map(([name, value]) => [currentMember(entity, name), value]));
