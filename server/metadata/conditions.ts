// Every condition in the metadata, with its place and what it may name.
import type { Vocabulary } from '../conditions/check.ts';
import type { Condition } from '../conditions/tree.ts';
import { pointerOf } from './pointer.ts';
import type { Entity, Registry } from './registry.ts';
import { changeVocabularyOf, vocabularyOf } from './vocabulary.ts';

export interface PlacedCondition {
  /** The object of the source that holds it. */
  readonly value: object;
  readonly pointer: string;
  readonly condition: Condition;
  readonly vocabulary: Vocabulary;
  /** It may also name variables of the workflow's rules (`score.total`), which the automation catalogue knows. */
  readonly variables?: true;
}

/** Conditions on entities that the registry does not have are left out. */
export function* conditionsOf(registry: Registry): Generator<PlacedCondition> {
  for (const entity of registry.entities.values()) yield* ofEntity(registry, entity);
  const on = (name: unknown): Entity | undefined => registry.entities.get(String(name));
  for (const view of registry.views) {
    const entity = on(view.entity);
    if (view.filter !== undefined && entity !== undefined)
      yield { value: view, pointer: '/filter', condition: view.filter, vocabulary: vocabularyOf(registry, entity) };
  }
  for (const dashboard of registry.dashboards) {
    for (const [at, widget] of dashboard.widgets.entries()) {
      const entity = on(widget['entity']);
      const condition = widget['filter'] as Condition | undefined;
      if (condition !== undefined && entity !== undefined)
        yield {
          value: dashboard,
          pointer: pointerOf('widgets', at, 'filter'),
          condition,
          vocabulary: vocabularyOf(registry, entity),
        };
    }
  }
  for (const layout of registry.layouts) {
    const entity = on(layout.entity);
    if (entity === undefined) continue;
    const vocabulary = vocabularyOf(registry, entity);
    for (const [tab, { sections = [] }] of layout.tabs.entries()) {
      for (const [at, { visibleWhen }] of sections.entries()) {
        if (visibleWhen === undefined || visibleWhen === null) continue;
        yield {
          value: layout,
          pointer: pointerOf('tabs', tab, 'sections', at, 'visibleWhen'),
          condition: visibleWhen,
          vocabulary,
        };
      }
    }
  }
  yield* ofRoles(registry);
  yield* ofWorkflows(registry);
}

function* ofRoles(registry: Registry): Generator<PlacedCondition> {
  for (const role of registry.roles.values()) {
    for (const [name, { filter }] of Object.entries(role.entities)) {
      const entity = registry.entities.get(name);
      if (filter !== undefined && entity !== undefined)
        yield {
          value: role,
          pointer: pointerOf('entities', name, 'filter'),
          condition: filter,
          vocabulary: vocabularyOf(registry, entity),
        };
    }
  }
}

function* ofEntity(registry: Registry, entity: Entity): Generator<PlacedCondition> {
  const vocabulary = vocabularyOf(registry, entity);
  for (const [name, field] of Object.entries(entity.meta.fields)) {
    for (const key of ['visibleWhen', 'requiredWhen', 'readOnlyWhen'] as const) {
      const condition = field[key];
      if (condition !== undefined && condition !== null)
        yield { value: entity.meta, pointer: pointerOf('fields', name, key), condition, vocabulary };
    }
    for (const [at, { when }] of (field.optionsWhen ?? []).entries())
      yield { value: entity.meta, pointer: pointerOf('fields', name, 'optionsWhen', at, 'when'), condition: when, vocabulary };
  }
  for (const [at, rule] of (entity.meta.validationRules ?? []).entries()) {
    const pointer = pointerOf('validationRules', at, 'errorWhen');
    yield { value: entity.meta, pointer, condition: rule.errorWhen, vocabulary: changeVocabularyOf(registry, entity) };
  }
  for (const [at, { when }] of (entity.meta.duplicateRules ?? []).entries()) {
    if (when === undefined) continue;
    yield { value: entity.meta, pointer: pointerOf('duplicateRules', at, 'when'), condition: when, vocabulary };
  }
}

function* ofWorkflows(registry: Registry): Generator<PlacedCondition> {
  for (const workflow of registry.workflows) {
    const entity = registry.entities.get(workflow.entity);
    if (entity === undefined) continue;
    const common = { value: workflow, vocabulary: changeVocabularyOf(registry, entity) };
    const { when } = workflow.trigger;
    if (when !== undefined) yield { ...common, pointer: '/trigger/when', condition: when };
    for (const [at, rule] of workflow.rules.entries())
      yield { ...common, pointer: pointerOf('rules', at, 'conditions'), condition: rule.conditions };
    for (const [at, step] of workflow.steps.entries()) {
      if (step.when !== undefined)
        yield { ...common, pointer: pointerOf('steps', at, 'when'), condition: step.when, variables: true };
    }
  }
}
