// What workflows name: facts in their conditions, fields that their steps set, `{{record.…}}` in texts, records of their tests.
import { step as below, isObject, type JsonObject, stepsOf } from '../pointer.ts';
import type { Entity, Registry } from '../registry.ts';
import type { StepMetadata, WorkflowMetadata } from '../types.ts';
import { conditionUses, valueUses } from './in-conditions.ts';
import { flagUses } from './in-entities.ts';
import { keyPathUses, pathListUses, pathUses } from './paths.ts';
import { asKey, declared, namedAt, nameUse, type Use } from './reference.ts';
import { entityTarget, relationTarget, roleTarget } from './targets.ts';

export function* workflowUses(registry: Registry, workflow: WorkflowMetadata): Generator<Use> {
  yield* declared(nameUse('/name', workflow.name, { kind: 'workflow', id: workflow.id, name: workflow.name }));
  yield* nameUse('/entity', workflow.entity, entityTarget(registry, workflow.entity));
  yield* flagUses(workflow.featureFlag);
  if (workflow.runAs !== undefined) yield* nameUse('/runAs', workflow.runAs, roleTarget(registry, workflow.runAs));
  const entity = registry.entities.get(workflow.entity);
  if (entity === undefined) return;
  yield* pathListUses(registry, entity, '/trigger/watchFields', workflow.trigger.watchFields);
  yield* conditionUses(registry, entity, '/trigger/when', workflow.trigger.when);
  for (const [at, rule] of workflow.rules.entries()) {
    yield* conditionUses(registry, entity, `/rules/${at}/conditions`, rule.conditions);
    yield* textUses(registry, entity, `/rules/${at}/event/params`, rule.event.params);
  }
  for (const [at, step] of workflow.steps.entries()) yield* stepUses(registry, entity, `/steps/${at}`, step);
  for (const [at, { given }] of (workflow.tests ?? []).entries()) {
    yield* recordUses(registry, entity, `/tests/${at}/given/record`, given.record);
    yield* pathListUses(registry, entity, `/tests/${at}/given/changed`, given.changed);
  }
}

/** Settings of steps that are names, by the type of the step; `{{record.…}}` is looked for in all of them. */
const settingUses: Readonly<
  Record<string, (registry: Registry, entity: Entity, pointer: string, step: StepMetadata) => Iterable<Use>>
> = {
  'record.update': (registry, entity, pointer, { set }) => recordUses(registry, entity, `${pointer}/set`, set),
  'timeline.add': (registry, _entity, pointer, { kind }) => {
    const field = registry.entities.get('timeline')?.fields.get('kind');
    return field === undefined ? [] : valueUses(registry, field, `${pointer}/kind`, kind);
  },
};

function* stepUses(registry: Registry, entity: Entity, pointer: string, step: StepMetadata): Generator<Use> {
  const { when, ...settings } = step;
  yield* conditionUses(registry, entity, `${pointer}/when`, when);
  if (Object.hasOwn(settingUses, step.type)) yield* settingUses[step.type]?.(registry, entity, pointer, step) ?? [];
  yield* textUses(registry, entity, pointer, settings);
}

const placeholder = /\{\{\s*record\.([a-z][a-zA-Z0-9_.]*)\s*\}\}/g;
const recordVariable = 'record.';

/** `{{record.account.name}}` inside of text, `{ "var": "record.name" }`, however deep. */
function* textUses(registry: Registry, entity: Entity, pointer: string, value: unknown): Generator<Use> {
  if (typeof value === 'string') {
    const variable = stepsOf(pointer).at(-1) === 'var' && value.startsWith(recordVariable);
    const found = variable
      ? [[value.slice(recordVariable.length), recordVariable.length] as const]
      : [...value.matchAll(placeholder)].map(
          ({ 0: whole, 1: path = '', index }) =>
            [path, index + whole.indexOf(path, whole.indexOf(recordVariable) + recordVariable.length)] as const,
        );
    for (const [path, start] of found) yield* pathUses(registry, entity, pointer, path, { text: value, start }).uses;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* textUses(registry, entity, below(pointer, key), inner);
  }
}

/** An object with the names of fields as keys and their values; related records lie inside under the relation's name. */
function* recordUses(registry: Registry, entity: Entity, pointer: string, record: unknown): Generator<Use> {
  if (!isObject(record)) return;
  for (const [key, value] of Object.entries(record satisfies JsonObject)) {
    const place = below(pointer, key);
    const relation = entity.fields.has(key) ? undefined : entity.relations.get(key);
    if (relation !== undefined) {
      yield* asKey([namedAt(place, key, relationTarget(entity, relation))]);
      const target = 'target' in relation ? registry.entities.get(relation.target) : undefined;
      if (target !== undefined) yield* recordUses(registry, target, place, value);
    } else if (key === 'previous') {
      yield* recordUses(registry, entity, place, value);
    } else {
      const { uses, field } = keyPathUses(registry, entity, place);
      yield* uses;
      if (field !== undefined) yield* valueUses(registry, field, place, value);
    }
  }
}
