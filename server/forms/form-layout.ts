// A layout of the metadata → the layout of one form: names resolved, texts in one language, only what the actor may see.
import { type Entity, type Field, isToMany, type Registry } from '../metadata/registry.ts';
import { runTimeOf } from '../metadata/run-time.ts';
import type { LayoutSection, LayoutTab } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { defaultTabs, impliedFields, titles } from './default-layout.ts';
import { mayRead } from './describe.ts';
import type { FormCell, FormRelatedList, FormSection, FormTab } from './form-document.ts';
import { layoutsFor } from './layouts.ts';
import { textIn } from './text-in.ts';

const defaultRelatedLimit = 10;
/** Platform entities that panels show, and that are never related lists. */
const panelEntities = { audit: 'auditlog', timeline: 'timeline' } as const;

interface Given {
  readonly registry: Registry;
  readonly entity: Entity;
  readonly actor: Actor;
  readonly language: string;
}

/** A cell names a field, or a to-one relation, which stands for the field that carries it. */
function fieldOf(entity: Entity, name: string): string | undefined {
  const relation = entity.relations.get(name);
  const resolved = relation?.kind === 'belongsTo' ? relation.field : name;
  const field = entity.fields.get(resolved);
  return field === undefined || field.hidden ? undefined : field.name;
}

function sectionOf({ entity, language }: Given, section: LayoutSection, placed: Set<string>): FormSection {
  const implied = impliedFields(entity);
  const cells = (row: LayoutSection['rows'][number]): readonly FormCell[] =>
    row.flatMap(({ field, span = 1 }) => {
      const name = fieldOf(entity, field);
      // A field stands once on a form; a currency stands inside its amount.
      if (name === undefined || placed.has(name) || implied.has(name)) return [];
      placed.add(name);
      return [{ field: name, span }];
    });
  return {
    id: section.id,
    title: textIn(language, section.label),
    columns: section.columns ?? 2,
    collapsed: section.collapsed === true,
    ...(section.visibleWhen == null ? {} : { visibleWhen: section.visibleWhen }),
    rows: section.rows.map(cells).filter((row) => row.length > 0),
  };
}

type RelatedListMetadata = NonNullable<LayoutTab['relatedLists']>[number];

function relatedList({ registry, entity, actor, language }: Given, list: RelatedListMetadata): readonly FormRelatedList[] {
  const relation = entity.relations.get(list.relation);
  if (relation === undefined || !isToMany(relation) || relation.kind === 'belongsToAny') return [];
  const isPanel = Object.values<string>(panelEntities).includes(relation.target);
  if (isPanel || !registry.entities.has(relation.target) || !mayRead(actor, relation.target)) return [];
  return [
    {
      relation: relation.name,
      title: textIn(language, relation.label),
      entity: relation.target,
      columns: list.columns,
      ...(list.sort === undefined ? {} : { sort: list.sort }),
      limit: list.limit ?? defaultRelatedLimit,
      ...(relation.kind === 'hasMany' ? { field: relation.field } : {}),
      ...(relation.kind === 'hasManyAny' ? { field: relation.idField, typeField: relation.typeField } : {}),
    },
  ];
}

function tabOf(given: Given, tab: LayoutTab, placed: Set<string>): FormTab {
  const { registry, entity, actor, language } = given;
  const source = tab.panel === undefined ? undefined : panelEntities[tab.panel];
  const hasPanel =
    source !== undefined &&
    registry.entities.has(source) &&
    mayRead(actor, source) &&
    !(tab.panel === 'audit' && entity.meta.audit?.off === true);
  return {
    id: tab.id,
    title: textIn(language, tab.label),
    sections: (tab.sections ?? []).map((section) => sectionOf(given, section, placed)).filter(({ rows }) => rows.length > 0),
    relatedLists: (tab.relatedLists ?? []).flatMap((list) => relatedList(given, list)),
    ...(hasPanel && tab.panel !== undefined ? { panel: tab.panel } : {}),
  };
}

/**
 * What must be filled in must be somewhere on the form, whatever the layout forgot; and what was made at run time is on
 * the form at once, unless somebody has laid the form out at run time, too.
 */
function withForgotten(
  { registry, entity, language }: Given,
  tabs: readonly FormTab[],
  placed: ReadonlySet<string>,
  laidOut: boolean,
): readonly FormTab[] {
  const implied = impliedFields(entity);
  const { members } = runTimeOf(registry);
  const carried = new Map(
    [...entity.relations.values()].map((relation) => ['field' in relation ? relation.field : '', relation.id]),
  );
  const made = ({ name, meta }: Field): boolean => members.has(carried.get(name) ?? meta.id);
  const needed = (field: Field): boolean =>
    field.required && !field.readOnly && field.meta.default === undefined && field.name !== entity.meta.ownership?.owner;
  const forgotten = [...entity.fields.values()].filter(
    (field) =>
      !field.system &&
      !field.hidden &&
      field.type.secret !== true &&
      (needed(field) || (!laidOut && made(field))) &&
      !placed.has(field.name) &&
      !implied.has(field.name),
  );
  if (forgotten.length === 0) return tabs;
  const section: FormSection = {
    id: 'further',
    title: textIn(language, titles.more),
    columns: 2,
    collapsed: false,
    rows: forgotten.map((field) => [{ field: field.name, span: 2 }]),
  };
  const [first, ...rest] = tabs;
  return first === undefined ? [] : [{ ...first, sections: [...first.sections, section] }, ...rest];
}

export function formLayout(given: Given): readonly FormTab[] {
  const declared = layoutsFor(given.registry, given.entity, given.actor)[0];
  const placed = new Set<string>();
  const tabs = (declared?.tabs ?? defaultTabs(given.entity))
    .map((tab) => tabOf(given, tab, placed))
    .filter((tab) => tab.sections.length > 0 || tab.relatedLists.length > 0 || tab.panel !== undefined);
  return withForgotten(given, tabs, placed, declared !== undefined && runTimeOf(given.registry).objects.has(declared.id));
}
