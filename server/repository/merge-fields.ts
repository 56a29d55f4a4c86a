// Which record's value the winner of a merge has in each field: as chosen, else its own, else the first that has any.
import type { Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { seenBy } from './access.ts';
import type { Context } from './context.ts';
import { refusal } from './input-field.ts';
import type { CurrentRow } from './read.ts';
import { isEmpty, type RecordValues, sameValue } from './records.ts';

/** Fields that go together: an amount and its currency, the kind and the id of a record of any kind. The first one leads. */
type Group = readonly Field[];

export interface MergedFields {
  /** What is to be changed of the winner. */
  readonly patch: RecordValues;
  readonly issues: readonly Issue[];
}

/**
 * @param choices field name → id of the record whose value is taken; an empty value may be chosen too
 * Values that the actor may not read or set are not carried over, and cannot be chosen.
 */
export function mergedFields(
  context: Context,
  entity: Entity,
  winner: CurrentRow,
  losers: readonly CurrentRow[],
  choices: Readonly<Record<string, string>>,
): MergedFields {
  const records = new Map([winner, ...losers].map((one) => [one.id, one.record]));
  const seen = seenBy(context).entities.get(entity.name);
  const barred = ({ name }: Field): Issue | undefined => {
    const open = seen?.fields.get(name);
    if (open === undefined) return refusal(entity, name, { engine: false, grants: winner.grants, seen }) ?? closed(name);
    return open.guard === undefined ? refusal(entity, name, { engine: false, grants: winner.grants, seen }) : closed(name);
  };
  const groups = groupsOf(entity);
  const issues: Issue[] = [];
  const patch: Record<string, unknown> = {};
  const led = new Map(groups.flatMap((group) => group.map((field) => [field.name, group] as const)));
  for (const [name, id] of Object.entries(choices)) {
    const group = Object.hasOwn(choices, name) ? led.get(name) : undefined;
    const refused = group?.map(barred).find((issue) => issue !== undefined);
    if (group === undefined)
      issues.push(at(name, entity.fields.has(name) ? 'read_only' : 'unknown_field', 'This field is not merged.'));
    else if (refused !== undefined) issues.push(at(name, refused.code, refused.detail));
    else if (!records.has(id)) issues.push(at(name, 'unknown_record', 'This is the id of none of the records that are merged.'));
  }
  for (const group of groups) {
    if (group.some((field) => barred(field) !== undefined)) continue;
    const [main] = group as [Field];
    const chosen = group.map(({ name }) => (Object.hasOwn(choices, name) ? choices[name] : undefined)).find(Boolean);
    const from =
      chosen === undefined
        ? [...records.values()].find((record) => !isEmpty(mergedValue(entity, main, record, records)))
        : records.get(chosen);
    if (from === undefined) {
      // A reference to one of the losers leads nowhere, and one to itself makes no sense.
      if (!isEmpty(winner.record[main.name])) for (const field of group) patch[field.name] = null;
      continue;
    }
    for (const field of group) {
      const value = mergedValue(entity, field, from, records);
      if (!sameValue(value, winner.record[field.name])) patch[field.name] = value;
    }
  }
  return { patch, issues };
}

const at = (name: string, code: string, detail: string): Issue => ({ pointer: `/fields/${name}`, code, detail });
const closed = (name: string): Issue => ({ pointer: `/${name}`, code: 'forbidden', detail: `You may not read "${name}".` });

/** Its value; none where it refers to one of the records that are merged. */
function mergedValue(entity: Entity, field: Field, record: RecordValues, merged: ReadonlyMap<string, RecordValues>): unknown {
  const value = record[field.name] ?? null;
  const relation = entity.relations.get(field.relation ?? '');
  const leadsBack = relation?.kind === 'belongsTo' && relation.target === entity.name && merged.has(String(value));
  return leadsBack ? null : value;
}

/** What a client may set at all. */
function groupsOf(entity: Entity): readonly Group[] {
  const mergeable = (name: string): Field[] => {
    const field = entity.fields.get(name);
    if (field === undefined || field.system || field.readOnly || field.hidden || field.type.secret === true) return [];
    return field.type.name === 'autoNumber' || field.computed !== undefined ? [] : [field];
  };
  const companions = new Map<string, readonly string[]>();
  for (const field of entity.fields.values()) {
    const suffixes = Object.keys(field.type.implied?.(field.meta) ?? {});
    if (suffixes.length > 0)
      companions.set(
        field.name,
        suffixes.map((suffix) => `${field.name}${suffix}`),
      );
  }
  for (const relation of entity.relations.values())
    if (relation.kind === 'belongsToAny') companions.set(relation.idField, [relation.typeField]);
  const led = new Set([...companions.values()].flat());
  return [...entity.fields.keys()]
    .filter((name) => !led.has(name))
    .map((name) => [name, ...(companions.get(name) ?? [])].flatMap(mergeable))
    .filter((group) => group.length > 0);
}
