// What a newer version of an entity's fields breaks for clients: names, types, options, and what is refused that was accepted.
import { decimalOf } from '../conditions/values.ts';
import { aliasTo, type Breaking, broken, renamed } from './breaking-change.ts';
import type { Entity, Field } from './registry.ts';

export function breakingFields(before: Entity, after: Entity, place: readonly string[], now: number): readonly Breaking[] {
  const byId = new Map([...after.fields.values()].map((field) => [field.meta.id, field]));
  return [...before.fields.values()]
    .filter(({ hidden }) => !hidden)
    .flatMap((field) => {
      const at = [...place, 'fields', field.name];
      const title = `${before.name}.${field.name}`;
      const next = byId.get(field.meta.id) ?? after.fields.get(field.name);
      if (next === undefined || next.hidden) return [broken('field_removed', at, `The field ${title} is gone.`)];
      const found = [...typeChanges(title, field, next, at), ...tightenings(title, field, next, at)];
      if (field.name === next.name) return found;
      const was = `The field ${title} is called ${next.name} now`;
      return [renamed('field_renamed', at, was, aliasTo(after.aliases, field.name, next.name, now)), ...found];
    })
    .concat(demands(before, after, place));
}

function* typeChanges(title: string, before: Field, after: Field, at: readonly string[]): Generator<Breaking> {
  const [old, now] = [before.type.graphql(before.meta), after.type.graphql(after.meta)];
  const place = [...at, 'type'];
  if (before.type.name !== after.type.name)
    yield broken('type_changed', place, `${title} is of the type ${after.type.name} now, no longer ${before.type.name}.`);
  else if (old.output !== now.output || old.input !== now.input)
    yield broken('type_changed', place, `${title} is ${now.output} in GraphQL now, no longer ${old.output}.`);
  const options = new Map(after.meta.options?.map((option) => [option.value, option]));
  for (const { value, active } of after.meta.options === undefined ? [] : (before.meta.options ?? [])) {
    const option = options.get(value);
    if (option === undefined) yield broken('option_removed', [...at, 'options'], `${title} no longer takes "${value}".`);
    else if (option.active === false && active !== false)
      yield broken('option_withdrawn', [...at, 'options'], `${title} no longer takes "${value}" as a new value.`);
  }
}

/** Settings that refuse more the lower, or the higher, they are. */
const ceilings = ['max', 'maxLength', 'precision', 'scale'] as const;
const floors = ['min', 'minLength'] as const;

function* tightenings(title: string, before: Field, after: Field, at: readonly string[]): Generator<Breaking> {
  const [old, now] = [before.meta, after.meta];
  if (before.type.name === after.type.name) {
    for (const key of [...ceilings, ...floors]) {
      const [was, is] = [limitOf(before, key), limitOf(after, key)];
      const ceiling = (ceilings as readonly string[]).includes(key);
      if (is !== undefined && (was === undefined || (ceiling ? isLess(is, was) : isLess(was, is))))
        yield broken(
          `${key}_tightened`,
          [...at, key],
          `${key} of ${title} is ${is} now${was === undefined ? '' : `, not ${was}`}.`,
        );
    }
    if (now.pattern !== undefined && now.pattern !== old.pattern)
      yield broken('pattern_tightened', [...at, 'pattern'], `${title} must match another pattern now.`);
  }
  if (after.required && !before.required && now.default === undefined)
    yield broken('required_added', [...at, 'required'], `${title} must be given now.`);
  const isDemanded = now.requiredWhen !== undefined && now.requiredWhen !== null;
  if (isDemanded && !before.required && JSON.stringify(now.requiredWhen) !== JSON.stringify(old.requiredWhen))
    yield broken('required_added', [...at, 'requiredWhen'], `${title} must be given in other cases now.`);
  if (now.optionsWhen !== undefined && JSON.stringify(now.optionsWhen) !== JSON.stringify(old.optionsWhen))
    yield broken('options_tightened', [...at, 'optionsWhen'], `${title} takes other options in some cases now.`);
  if (after.readOnly && !before.readOnly) yield broken('read_only_added', [...at, 'readOnly'], `${title} can no longer be set.`);
  if (now.unique === true && old.unique !== true)
    yield broken('unique_added', [...at, 'unique'], `No two records may have the same ${title} now.`);
}

/** The setting as it is in force: a text without a maxLength still has one. */
function limitOf({ meta, type }: Field, key: (typeof ceilings)[number] | (typeof floors)[number]): string | undefined {
  const own = meta[key];
  const inForce: unknown = own ?? type.jsonSchema(meta)[key];
  return typeof inForce === 'string' || typeof inForce === 'number' ? String(inForce) : undefined;
}

/** Numbers by their value, days by their text. */
function isLess(left: string, right: string): boolean {
  const [one, other] = [decimalOf(left), decimalOf(right)];
  return one !== undefined && other !== undefined ? one.lt(other) : left < right;
}

/** New fields that a record cannot be made without; the owner is filled in. */
const demands = (before: Entity, after: Entity, place: readonly string[]): readonly Breaking[] => {
  const known = new Set([...before.fields.values()].flatMap(({ name, meta }) => [name, meta.id]));
  return [...after.fields.values()]
    .filter(({ name, meta }) => !known.has(name) && !known.has(meta.id))
    .filter((field) => field.required && !field.readOnly && field.meta.default === undefined)
    .filter(({ name }) => after.meta.ownership?.owner !== name)
    .map(({ name }) => broken('required_added', [...place, 'fields', name], `${before.name} need the new field ${name}.`));
};
