// Layouts and views: the fields, relations and roles that they show must exist.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames, resolveFact } from '../facts.ts';
import { pointerOf } from '../pointer.ts';
import { type Entity, type Field, isToMany, type Registry } from '../registry.ts';
import type { LayoutMetadata, LayoutSection, LayoutTab, ViewMetadata } from '../types.ts';
import { type CheckSubject, type CompiledCheck, eachTwice } from './subject.ts';

export const checkScreens: CompiledCheck = (subject, registry) => {
  for (const layout of registry.layouts) {
    const entity = entityOf(subject, registry, layout, layout.entity, '/entity');
    if (entity !== undefined) checkLayout(subject, registry, layout, entity);
  }
  const defaults: [string, object][] = [];
  for (const view of registry.views) {
    const entity = entityOf(subject, registry, view, view.entity, '/entity');
    if (view.default === true) defaults.push([view.entity, view]);
    if (entity === undefined) continue;
    checkColumns(subject, registry, view, entity, view.columns, '/columns');
    checkSort(subject, registry, view, entity, view.sort ?? [], '/sort');
    checkShape(subject, view, entity);
  }
  eachTwice(defaults, (name, view) => subject.report(view, '/default', `${name} has a default view already.`));
};

const isTime = ({ type }: Field): boolean => type.kind === 'date' || type.kind === 'dateTime';
const isNumber = ({ type }: Field): boolean => type.kind === 'decimal' || type.kind === 'integer';
const isChoice = ({ type, meta }: Field): boolean => type.kind === 'text' && meta.options !== undefined;

/** Settings of boards and calendars: which type has them, whether it can do without, and what fields they may name. */
const shapes = [
  { key: 'groupBy', of: 'board', needed: true, takes: isChoice, word: 'a single choice' },
  { key: 'sum', of: 'board', needed: false, takes: isNumber, word: 'a number or an amount' },
  { key: 'startField', of: 'calendar', needed: true, takes: isTime, word: 'a date or a time' },
  { key: 'endField', of: 'calendar', needed: false, takes: isTime, word: 'a date or a time' },
] as const;

function checkShape({ doubtful, report }: CheckSubject, view: ViewMetadata, entity: Entity): void {
  for (const { key, of, needed, takes, word } of shapes) {
    const name = view[key];
    if (name === undefined) {
      if (needed && view.type === of) report(view, '/type', `A ${of} needs "${key}".`);
      continue;
    }
    const field = entity.fields.get(name);
    if (view.type !== of) report(view, `/${key}`, `A ${view.type} has no "${key}".`);
    else if (field === undefined) {
      if (!doubtful(name))
        report(view, `/${key}`, `${entity.name} has no field "${name}".${didYouMean(name, factNames(entity))}`);
    } else if (!takes(field)) report(view, `/${key}`, `"${key}" names ${word}.`);
  }
}

/** The entity, or a finding at the pointer. */
export function entityOf(
  { doubtful, report }: CheckSubject,
  registry: Registry,
  value: object,
  name: string,
  pointer: string,
): Entity | undefined {
  const entity = registry.entities.get(name);
  if (entity === undefined && !doubtful(name))
    report(value, pointer, `There is no entity "${name}".${didYouMean(name, registry.entities.keys())}`);
  return entity;
}

function checkLayout(subject: CheckSubject, registry: Registry, layout: LayoutMetadata, entity: Entity): void {
  for (const [at, role] of (layout.appliesTo?.roles ?? []).entries()) {
    if (!registry.roles.has(role) && !subject.doubtful(role)) {
      const hint = didYouMean(role, registry.roles.keys());
      subject.report(layout, pointerOf('appliesTo', 'roles', at), `There is no role "${role}".${hint}`);
    }
  }
  for (const [at, tab] of layout.tabs.entries()) checkTab(subject, registry, layout, entity, tab, pointerOf('tabs', at));
  const ids = layout.tabs.flatMap((tab, at) => [
    [tab.id, pointerOf('tabs', at, 'id')] as const,
    ...(tab.sections ?? []).map(({ id }, row) => [`${tab.id} ${id}`, pointerOf('tabs', at, 'sections', row, 'id')] as const),
  ]);
  eachTwice(ids, (id, pointer) => subject.report(layout, pointer, `"${id.split(' ').at(-1)}" stands twice.`));
}

function checkTab(
  subject: CheckSubject,
  registry: Registry,
  layout: LayoutMetadata,
  entity: Entity,
  tab: LayoutTab,
  pointer: string,
): void {
  if (tab.sections === undefined && tab.relatedLists === undefined && tab.panel === undefined) {
    subject.report(layout, pointer, 'The tab shows nothing: give it "sections", "relatedLists" or a "panel".');
  }
  for (const [at, section] of (tab.sections ?? []).entries())
    checkSection(subject, layout, entity, section, `${pointer}/sections/${at}`);
  for (const [at, list] of (tab.relatedLists ?? []).entries()) {
    const place = `${pointer}/relatedLists/${at}`;
    const relation = entity.relations.get(list.relation);
    if (relation === undefined || !isToMany(relation)) {
      const known = [...entity.relations.values()].filter(isToMany).map(({ name }) => name);
      if (!subject.doubtful(list.relation)) {
        subject.report(
          layout,
          `${place}/relation`,
          `${entity.name} has no to-many relation "${list.relation}".${didYouMean(list.relation, known)}`,
        );
      }
      continue;
    }
    const target = 'target' in relation ? registry.entities.get(relation.target) : undefined;
    if (target === undefined) continue;
    checkColumns(subject, registry, layout, target, list.columns, `${place}/columns`);
    checkSort(subject, registry, layout, target, list.sort ?? [], `${place}/sort`);
  }
}

function checkSection(
  subject: CheckSubject,
  layout: LayoutMetadata,
  entity: Entity,
  section: LayoutSection,
  pointer: string,
): void {
  for (const [row, cells] of section.rows.entries()) {
    for (const [cell, { field, span = 1 }] of cells.entries()) {
      const place = `${pointer}/rows/${row}/${cell}`;
      const found = entity.fields.get(field);
      if ((found === undefined || found.hidden) && !subject.doubtful(field)) {
        subject.report(
          layout,
          `${place}/field`,
          `${entity.name} has no field "${field}".${didYouMean(field, factNames(entity))}`,
        );
      }
      if (span > (section.columns ?? 1))
        subject.report(layout, `${place}/span`, `The section has ${section.columns ?? 1} columns only.`);
    }
  }
}

export function checkColumns(
  { doubtful, report }: CheckSubject,
  registry: Registry,
  value: object,
  entity: Entity,
  columns: readonly string[],
  pointer: string,
): void {
  for (const [at, path] of columns.entries()) {
    if (resolveFact(registry, entity, path) !== undefined || path.split('.').some(doubtful)) continue;
    report(value, `${pointer}/${at}`, `${entity.name} has no field "${path}".${didYouMean(path, factNames(entity))}`);
  }
}

function checkSort(
  { doubtful, report }: CheckSubject,
  registry: Registry,
  value: object,
  entity: Entity,
  keys: readonly string[],
  pointer: string,
): void {
  for (const [at, key] of keys.entries()) {
    const path = key.replace(/^-/, '');
    const fact = resolveFact(registry, entity, path);
    if (fact === undefined) {
      if (!path.split('.').some(doubtful))
        report(value, `${pointer}/${at}`, `${entity.name} has no field "${path}".${didYouMean(path, factNames(entity))}`);
    } else if (fact.suffix === '' && fact.field.type.sortable === false) {
      report(value, `${pointer}/${at}`, `A field of type ${fact.field.type.name} cannot be sorted by.`);
    }
  }
}
