// What a newer version of the metadata breaks for clients of REST and GraphQL, and what it only deprecates.
import { aliasTo, type Breaking, broken, renamed } from './breaking-change.ts';
import { breakingFields } from './breaking-fields.ts';
import { breakingRelations } from './breaking-relations.ts';
import type { Entity, Registry } from './registry.ts';

export type { Breaking } from './breaking-change.ts';

/** In the order of the older version. What is new and what only loosens breaks nothing. */
export function breakingChanges(a: Registry, b: Registry, now = Date.now()): readonly Breaking[] {
  const after = new Map([...b.entities.values()].map((entity) => [entity.id, entity]));
  return [...a.entities.values()].flatMap((before) => {
    const entity = after.get(before.id) ?? b.entities.get(before.name);
    if (entity !== undefined) return breakingEntity([a, b], before, entity, now);
    return [broken('entity_removed', ['entities', before.name], `The entity ${before.name} is gone.`)];
  });
}

function breakingEntity(
  registries: readonly [Registry, Registry],
  before: Entity,
  after: Entity,
  now: number,
): readonly Breaking[] {
  const place = ['entities', before.name];
  const { aliases } = registries[1];
  const found: Breaking[] = [];
  if (before.name !== after.name) {
    const was = `The entity ${before.name} is called ${after.name} now`;
    found.push(renamed('entity_renamed', place, was, aliasTo(aliases, before.name, after.name, now)));
  }
  if (before.singular !== after.singular) {
    const was = `One of ${before.name} is called ${after.singular} now, no longer ${before.singular}`;
    found.push(renamed('singular_renamed', [...place, 'singular'], was, aliasTo(aliases, before.singular, after.name, now)));
  }
  for (const operation of before.operations) {
    if (!after.operations.has(operation))
      found.push(broken('operation_removed', [...place, 'operations'], `${before.name} can no longer be asked to ${operation}.`));
  }
  found.push(...breakingSettings(before, after, place));
  return [...found, ...breakingFields(before, after, place, now), ...breakingRelations(registries, before, after, place, now)];
}

function* breakingSettings(before: Entity, after: Entity, place: readonly string[]): Generator<Breaking> {
  const [old, now] = [before.meta, after.meta];
  if (now.features?.requireIfMatch === true && old.features?.requireIfMatch !== true)
    yield broken('if_match_required', [...place, 'features', 'requireIfMatch'], `Changes of ${before.name} need If-Match now.`);
  if (now.featureFlag !== undefined && now.featureFlag !== old.featureFlag)
    yield broken(
      'flag_required',
      [...place, 'featureFlag'],
      `${before.name} is there only with the flag ${now.featureFlag} now.`,
    );
  const [most, mostNow] = [old.api?.maxPageSize, now.api?.maxPageSize];
  if (mostNow !== undefined && (most === undefined || mostNow < most))
    yield broken(
      'page_size_lowered',
      [...place, 'api', 'maxPageSize'],
      `A page of ${before.name} holds at most ${mostNow} records now.`,
    );
  const uniqueBefore = new Set(old.indexes?.filter(({ unique }) => unique === true).map((index) => idsOf(before, index.fields)));
  for (const { fields, unique } of now.indexes ?? []) {
    if (unique === true && !uniqueBefore.has(idsOf(after, fields)))
      yield broken('unique_added', [...place, 'indexes'], `No two ${before.name} may have the same ${fields.join(' and ')} now.`);
  }
  const rules = (meta: typeof old) => [
    ...(meta.validationRules ?? []).map(({ name, errorWhen }) => [name, JSON.stringify(errorWhen)] as const),
    ...(meta.duplicateRules ?? []).flatMap(({ name, action, match, on, when, threshold }) =>
      action === 'block' ? [[name, JSON.stringify([match, on, when, threshold])] as const] : [],
    ),
  ];
  const known = new Map(rules(old));
  for (const [name, text] of rules(now)) {
    if (!known.has(name))
      yield broken('rule_added', place, `The rule ${name} of ${before.name} refuses what was accepted before.`);
    else if (known.get(name) !== text)
      yield broken('rule_changed', place, `The rule ${name} of ${before.name} may refuse other records now.`);
  }
}

/** The same index is the same by its fields' ids, whatever they are called and in which order it keeps them. */
const idsOf = (entity: Entity, paths: readonly string[]): string =>
  paths
    .map((path) => path.replace(/^-/, '').replace(/^[^.]+/, (name) => entity.fields.get(name)?.meta.id ?? name))
    .sort()
    .join(' ');
