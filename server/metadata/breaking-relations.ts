// What a newer version of an entity's relations breaks for clients that include them or filter by them.
import { aliasTo, type Breaking, broken, renamed } from './breaking-change.ts';
import { type Entity, isToMany, type Registry, type Relation } from './registry.ts';

export function breakingRelations(
  [a, b]: readonly [Registry, Registry],
  before: Entity,
  after: Entity,
  place: readonly string[],
  now: number,
): readonly Breaking[] {
  const byId = new Map([...after.relations.values()].map((relation) => [relation.id, relation]));
  return [...before.relations.values()].flatMap((relation) => {
    const at = [...place, 'relations', relation.name];
    const title = `${before.name}.${relation.name}`;
    const next = byId.get(relation.id) ?? after.relations.get(relation.name);
    if (next === undefined) return [broken('relation_removed', at, `The relation ${title} is gone.`)];
    const found: Breaking[] = [];
    if (relation.name !== next.name) {
      const was = `The relation ${title} is called ${next.name} now`;
      found.push(renamed('relation_renamed', at, was, aliasTo(after.aliases, relation.name, next.name, now)));
    }
    if (isToMany(relation) !== isToMany(next))
      found.push(broken('relation_changed', at, `${title} points to ${isToMany(next) ? 'several records' : 'one record'} now.`));
    const left = new Set(targetsOf(next).map((target) => b.entities.get(target)?.id));
    const gone = targetsOf(relation).filter((target) => !left.has(a.entities.get(target)?.id));
    if (gone.length > 0) found.push(broken('relation_changed', at, `${title} no longer points to ${gone.join(', ')}.`));
    return found;
  });
}

const targetsOf = (relation: Relation): readonly string[] =>
  relation.kind === 'belongsToAny' ? relation.targets : [relation.target];
