// Look-ahead: what a GraphQL selection asks of an entity becomes one selection tree, hence one SQL statement.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Include, Selection } from '../query/ast.ts';
import { type ListArguments, listOptions } from './list-arguments.ts';

/** Key under which an included relation stands in the record: the response key, marked so that it hides no field. */
export const includeKey = (responseKey: string): string => `@${responseKey}`;

const maxResponseKey = 60;

/** The field nodes of a selection by response key, fragments opened, skipped ones left out. */
export function collectFields(
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)?.['if'] === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)?.['if'] === false) continue;
      if (node.kind === 'Field') {
        const key = node.alias?.value ?? node.name.value;
        fields.set(key, [...(fields.get(key) ?? []), node]);
        continue;
      }
      const fragment: FragmentDefinitionNode | typeof node | undefined =
        node.kind === 'FragmentSpread' ? info.fragments[node.name.value] : node;
      const condition = fragment?.typeCondition?.name.value;
      if (fragment !== undefined && (condition === undefined || condition === type.name)) visit(fragment.selectionSet);
    }
  };
  for (const set of sets) visit(set);
  return fields;
}

const setsOf = (nodes: readonly FieldNode[]): SelectionSetNode[] =>
  nodes.flatMap((node) => (node.selectionSet === undefined ? [] : [node.selectionSet]));

/** The nodes below the field that is being resolved, for one of its paths, e.g. `nodes` and `edges.node` of a connection. */
export function below(
  info: GraphQLResolveInfo,
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  path: readonly string[],
): FieldNode[] {
  const [head, ...rest] = path;
  if (head === undefined) return [...nodes];
  const found = [...collectFields(info, type, setsOf(nodes)).values()].flat().filter((node) => node.name.value === head);
  const next = getNamedType(type.getFields()[head]?.type);
  return found.length === 0 || !isObjectType(next) ? (rest.length === 0 ? found : []) : below(info, found, next, rest);
}

/** What `nodes` (selections on the entity's object type) ask of a record. */
export function selectionOf(
  info: GraphQLResolveInfo,
  registry: Registry,
  entity: Entity,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Selection {
  const fields = new Set<string>(['id']);
  const include: Include[] = [];
  for (const [key, found] of collectFields(info, type, setsOf(nodes))) {
    const name = found[0]?.name.value ?? '';
    const field = type.getFields()[name];
    const current = currentMember(entity, name);
    if (entity.fields.has(current)) fields.add(name);
    else if (field !== undefined && entity.relations.has(current))
      include.push(includeOf(info, registry, entity, key, field, found));
  }
  return { fields: [...fields], include };
}

function includeOf(
  info: GraphQLResolveInfo,
  registry: Registry,
  entity: Entity,
  key: string,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): Include {
  if (key.length > maxResponseKey)
    throw new GraphQLError(`Aliases have at most ${maxResponseKey} characters.`, { extensions: { code: 'invalid_query' } });
  const as = includeKey(key);
  const name = currentMember(entity, field.name);
  const relation = entity.relations.get(name);
  const type = getNamedType(field.type);
  const [first] = nodes;
  const target = relation === undefined || relation.kind === 'belongsToAny' ? undefined : registry.entities.get(relation.target);
  if (target === undefined || first === undefined || !isObjectType(type))
    return { as, relation: name, selection: { fields: null, include: [] } };
  if (relation?.kind === 'belongsTo') return { as, relation: name, selection: selectionOf(info, registry, target, type, nodes) };
  const options = listOptions(registry, target, getArgumentValues(field, first, info.variableValues) as ListArguments, 'nested');
  return { as, relation: name, ...options, ...connectionSelection(info, registry, target, type, nodes) };
}

/** What a selection on a connection type asks: of the records, and of the page. */
export function connectionSelection(
  info: GraphQLResolveInfo,
  registry: Registry,
  entity: Entity,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): { readonly selection: Selection; readonly keys: boolean; readonly total: boolean } {
  const nodeType = getNamedType(connection.getFields()['nodes']?.type) as GraphQLObjectType;
  const records = [...below(info, nodes, connection, ['nodes']), ...below(info, nodes, connection, ['edges', 'node'])];
  const asked = (name: string): boolean => below(info, nodes, connection, [name]).length > 0;
  return {
    selection: selectionOf(info, registry, entity, nodeType, records),
    keys: asked('edges') || asked('pageInfo'),
    total: asked('totalCount'),
  };
}
