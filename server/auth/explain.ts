// Why somebody may do something with a record, or may not: every role, level, filter, share and parent that has a say.
import type { Knex } from 'knex';
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Grant, Registry } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { columnName } from '../repository/columns.ts';
import type { Context } from '../repository/context.ts';
import { mayWrite } from '../repository/input-field.ts';
import { filterSql, levelSql } from '../repository/row-rights.ts';
import { type AppliedShare, appliedShares, beforeShares } from '../repository/shares.ts';
import { parameters, quoted, run } from '../repository/statement.ts';
import { type Said, saidBy } from './said-by.ts';

export interface RoleReason extends Said {
  readonly kind: 'role';
  /** Whether the level reaches this record; absent where the role says `none`. */
  readonly reaches?: boolean;
  readonly filter?: Condition;
  /** Whether the record is among those of the record filter. */
  readonly filter_met?: boolean;
  readonly grants: boolean;
}

export type Reason =
  | RoleReason
  | ({ readonly kind: 'share'; readonly grants: boolean } & AppliedShare)
  | { readonly kind: 'parent'; readonly relation: string; readonly grants: boolean; readonly of: Explanation }
  | { readonly kind: 'feature' | 'entity' | 'record' | 'read'; readonly says: string; readonly grants: false };

export interface Explanation {
  readonly entity: string;
  readonly id: string;
  readonly action: Right;
  readonly user: { readonly id: string; readonly display_name: string; readonly roles: readonly string[] };
  readonly allowed: boolean;
  readonly because: readonly Reason[];
  /** Fields that are not as open as the record; only with `read` and `update`. */
  readonly fields?: {
    readonly closed: readonly string[];
    readonly masked: readonly string[];
    readonly locked: readonly string[];
  };
}

/** What may be asked of a record that is there. */
export const explainable: readonly Right[] = [
  'read',
  'update',
  'delete',
  'restore',
  'purge',
  'export',
  'merge',
  'massChange',
  'assign',
];

/** @returns undefined where there is no such record at all */
export async function explain(
  knex: Knex,
  context: Context,
  actor: Actor,
  entity: Entity,
  id: string,
  action: Right,
): Promise<Explanation | undefined> {
  const asked: Context = { ...context, actor };
  const row = await judged(knex, asked, entity, id, action);
  if (row === undefined) return undefined;
  const { registry } = context;
  const grants = actor.grants(entity.name, action);
  const roles = saidBy(registry, actor.roles, entity.name, action).map((said) => {
    const at = grants.findIndex(({ role, entry }) => role === said.role && entry === said.entry);
    const grant = grants[at];
    if (grant === undefined) return { kind: 'role' as const, ...said, grants: false };
    const [reaches, met] = [row[`l${at}`] === true, row[`f${at}`] === true];
    const filtered = grant.filter === undefined ? {} : { filter: grant.filter, filter_met: met };
    return { kind: 'role' as const, ...said, reaches, ...filtered, grants: reaches && met };
  });
  const shares = grants.length === 0 ? [] : await appliedShares(knex, asked, entity, id, action);
  const parent = await parentReason(knex, context, actor, entity, row, action);
  const obstacles = await obstaclesOf(knex, context, actor, entity, id, action, row);
  const reasons: readonly Reason[] = [
    ...obstacles,
    ...roles,
    ...shares.map((share) => ({ kind: 'share' as const, ...share, grants: true })),
    ...parent,
  ];
  const granted = roles.some((reason) => reason.grants) || shares.length > 0;
  return {
    entity: entity.name,
    id,
    action,
    user: { id: actor.id, display_name: actor.name, roles: actor.roles },
    allowed: granted && obstacles.length === 0,
    because: reasons,
    ...(action === 'read' || action === 'update' ? { fields: fieldsOf(registry, actor, entity, grants) } : {}),
  };
}

type Row = Readonly<Record<string, unknown>>;

/** The record with what each grant says of it, whatever anybody may see. */
async function judged(knex: Knex, asked: Context, entity: Entity, id: string, action: Right): Promise<Row | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
  const bound = parameters();
  const judgements = asked.actor
    .grants(entity.name, action)
    .flatMap((grant, at) => [
      `(${levelSql(asked, entity, 't', bound, action, grant.level)}) IS TRUE AS l${at}`,
      `(${filterSql(asked, entity, 't', bound, grant)}) IS TRUE AS f${at}`,
    ]);
  const parent = entity.relations.get(entity.meta.ownership?.through ?? '');
  const parents =
    parent?.kind === 'belongsTo'
      ? [`t.${quoted(columnName(entity.fields.get(parent.field) ?? missing(parent.field)))} AS parent_id`]
      : parent?.kind === 'belongsToAny'
        ? [`t.${quoted(parent.typeField)} AS parent_type`, `t.${quoted(parent.idField)} AS parent_id`]
        : [];
  const columns = ['t."deleted_at" IS NOT NULL AS deleted', ...parents, ...judgements];
  const [row] = await run(knex, {
    text: `SELECT ${columns.join(', ')} FROM ${entity.qualifiedTable} t WHERE t."id" = ${bound.bind(id)}::uuid`,
    values: bound.values,
  });
  return row;
}

function missing(field: string): never {
  throw new Error(`The registry lacks the field "${field}"`);
}

async function parentReason(
  knex: Knex,
  context: Context,
  actor: Actor,
  entity: Entity,
  row: Row,
  action: Right,
): Promise<readonly Reason[]> {
  const name = entity.meta.ownership?.through;
  const relation = entity.relations.get(name ?? '');
  if (name === undefined || relation === undefined || row['parent_id'] == null) return [];
  const target = context.registry.entities.get(String(row['parent_type'] ?? ('target' in relation ? relation.target : '')));
  if (target === undefined) return [];
  const onParent = action === 'read' || action === 'export' ? 'read' : 'update';
  const judged = beforeShares({ ...context, actor }, entity, action).actor;
  const of = await explain(knex, context, judged, target, String(row['parent_id']), onParent);
  return of === undefined ? [] : [{ kind: 'parent', relation: name, grants: of.allowed, of }];
}

/** What stands in the way whatever the roles say. */
async function obstaclesOf(
  knex: Knex,
  context: Context,
  actor: Actor,
  entity: Entity,
  id: string,
  action: Right,
  row: Row,
): Promise<readonly Reason[]> {
  const says: Reason[] = [];
  const refuse = (kind: 'entity' | 'record' | 'read', text: string): void => void says.push({ kind, says: text, grants: false });
  const offered = action === 'massChange' || action === 'assign' ? 'update' : action;
  if (!entity.operations.has(offered)) refuse('entity', `${entity.name} does not offer "${offered}".`);
  if (row['deleted'] === true && action !== 'restore' && action !== 'purge') refuse('record', 'The record is deleted.');
  if (row['deleted'] !== true && action === 'restore') refuse('record', 'The record is not deleted.');
  if (action === 'read' || row['deleted'] === true) return says;
  const read = await explain(knex, context, actor, entity, id, 'read');
  if (read?.allowed !== true) refuse('read', 'The record may not even be read.');
  return says;
}

function fieldsOf(registry: Registry, actor: Actor, entity: Entity, grants: readonly Grant[]): Explanation['fields'] {
  const seen = actor.sees(registry).entities.get(entity.name)?.fields;
  const names = [...entity.fields.values()].filter(({ hidden, type }) => !hidden && type.secret !== true).map(({ name }) => name);
  const updates = actor.grants(entity.name, 'update');
  return {
    closed: names.filter((name) => seen?.has(name) !== true),
    masked: names.filter((name) => seen?.get(name)?.guard !== undefined),
    locked: names.filter(
      (name) =>
        entity.fields.get(name)?.readOnly === false && grants.length > 0 && !updates.some((grant) => mayWrite(grant, name)),
    ),
  };
}
