// Other names that requests may use, former and coming ones → the names in force, wherever a query names something.
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';

/** The path of a fact in current names: `company.town` → `account.city`. */
export function currentPath(registry: Registry, entity: Entity, path: string): string {
  const [head = '', ...rest] = path.split('.');
  const name = currentMember(entity, head);
  const relation = entity.relations.get(name);
  const target = relation?.kind === 'belongsTo' && !entity.fields.has(name) ? registry.entities.get(relation.target) : undefined;
  return rest.length === 0
    ? name
    : `${name}.${target === undefined ? rest.join('.') : currentPath(registry, target, rest.join('.'))}`;
}

/** A condition tree in current names. It is not checked yet: what does not look like a condition stays as it is. */
export function currentTree(registry: Registry, entity: Entity, tree: unknown): unknown {
  if (!isObject(tree)) return tree;
  const path = (given: unknown): unknown => (typeof given === 'string' ? currentPath(registry, entity, given) : given);
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]): [string, unknown] => {
      if (key === 'fact') return [key, path(value)];
      if (key === 'value' && isObject(value) && Object.hasOwn(value, 'fact'))
        return [key, { ...value, fact: path(value['fact']) }];
      if (key === 'not') return [key, currentTree(registry, entity, value)];
      if (key === 'all' || key === 'any')
        return [key, Array.isArray(value) ? value.map((part) => currentTree(registry, entity, part)) : value];
      if (key === 'some' || key === 'none' || key === 'every') return [key, currentQuantity(registry, entity, value)];
      return [key, value];
    }),
  );
}

function currentQuantity(registry: Registry, entity: Entity, quantity: unknown): unknown {
  if (!isObject(quantity) || typeof quantity['relation'] !== 'string') return quantity;
  const name = currentMember(entity, quantity['relation']);
  const relation = entity.relations.get(name);
  const target = relation === undefined || !('target' in relation) ? undefined : registry.entities.get(relation.target);
  const where = target === undefined ? {} : { where: currentTree(registry, target, quantity['where']) };
  return { ...quantity, relation: name, ...(Object.hasOwn(quantity, 'where') ? where : {}) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
