// What a condition on an entity may name: its facts, and the relations it may quantify over.
import type { Vocabulary } from '../conditions/check.ts';
import { factNames, resolveFact } from './facts.ts';
import { type Entity, isToMany, type Registry } from './registry.ts';

const ambient: Readonly<Record<string, { readonly kind: 'id' | 'text' | 'set' | 'dateTime' | 'date' }>> = {
  'actor.id': { kind: 'id' },
  'actor.email': { kind: 'text' },
  'actor.roles': { kind: 'set' },
  now: { kind: 'dateTime' },
  today: { kind: 'date' },
};

export function vocabularyOf(registry: Registry, entity: Entity): Vocabulary {
  return {
    facts: factNames(entity),
    relations: [...entity.relations.values()].filter(isToMany).map((relation) => relation.name),
    describe(path) {
      if (Object.hasOwn(ambient, path)) return ambient[path];
      const fact = resolveFact(registry, entity, path);
      if (fact === undefined) return undefined;
      const options = fact.suffix === '' ? fact.field.meta.options?.map((option) => option.value) : undefined;
      return options === undefined ? { kind: fact.kind } : { kind: fact.kind, options };
    },
    related(name) {
      const relation = entity.relations.get(name);
      if (relation === undefined || !isToMany(relation) || relation.kind === 'belongsToAny') return undefined;
      const target = registry.entities.get(relation.target);
      return target === undefined ? undefined : vocabularyOf(registry, target);
    },
  };
}

const previous = 'previous.';

/** The vocabulary where a record changes: `previous.stage` is what the field was before. Not inside to-many conditions. */
export function changeVocabularyOf(registry: Registry, entity: Entity): Vocabulary {
  const vocabulary = vocabularyOf(registry, entity);
  return {
    ...vocabulary,
    describe: (path) => vocabulary.describe(path.startsWith(previous) ? path.slice(previous.length) : path),
  };
}
