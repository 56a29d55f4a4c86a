// Reads the flags and their targets from the platform's entities, and a mark by which a change is noticed.
import type { Knex } from 'knex';
import { namesFeatures } from '../metadata/features.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import { columnName } from '../repository/columns.ts';
import { quoted, run } from '../repository/statement.ts';
import type { Flag } from './flag.ts';

export const flagsEntity = namesFeatures.entity;
export const targetsEntity = 'feature_flag_targets';

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean | null;
  readonly roles: readonly string[] | null;
  readonly percentage: string | null;
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** @throws the driver's error */
export async function readFlags(knex: Knex, registry: Registry): Promise<readonly Flag[]> {
  const [flags, targets] = entitiesOf(registry);
  // What is in force may be from before there were flags.
  if (flags === undefined || targets === undefined) return [];
  const given = (field: string): string =>
    `ARRAY(SELECT ${column(targets, field, 't')} FROM ${targets.qualifiedTable} t WHERE ${column(targets, 'flag_id', 't')} = f."id" AND ${column(targets, field, 't')} IS NOT NULL AND t."deleted_at" IS NULL)::text[]`;
  const rows = await run<Row>(knex, {
    text: `SELECT f."id", ${['name', 'enabled', 'roles', 'percentage'].map((name) => `${column(flags, name, 'f')} AS ${quoted(name)}`).join(', ')},
      ${given('user_id')} AS users, ${given('team_id')} AS teams
      FROM ${flags.qualifiedTable} f WHERE f."deleted_at" IS NULL ORDER BY f."id"`,
    values: [],
  });
  return rows.map(({ id, name, enabled, roles, percentage, users, teams }) => ({
    name,
    id,
    enabled: enabled !== false,
    roles: roles ?? [],
    percentage: percentage === null ? null : Number(percentage),
    users,
    teams,
  }));
}

/** Another text after every write to either table, by whomever. */
export async function markOfFlags(knex: Knex, registry: Registry): Promise<string> {
  const parts = entitiesOf(registry).flatMap((entity) =>
    entity === undefined
      ? []
      : [
          `(SELECT concat_ws(' ', count(*), sum("version"), max("updated_at"), max(xmin::text::bigint)) FROM ${entity.qualifiedTable})`,
        ],
  );
  const [row] = await run<{ mark: string }>(knex, {
    text: `SELECT concat_ws('|', ${["''", ...parts].join(', ')}) AS mark`,
    values: [],
  });
  return row?.mark ?? '';
}

const entitiesOf = ({ entities }: Registry) => [entities.get(flagsEntity), entities.get(targetsEntity)] as const;

function column(entity: Entity, name: string, alias: string): string {
  const field = entity.fields.get(name);
  if (field === undefined) throw new Error(`The platform entity "${entity.name}" lacks the field "${name}"`);
  return `${alias}.${quoted(columnName(field))}`;
}
