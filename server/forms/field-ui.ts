// The uiSchema of one field: its widget and what the widget must know, help, and the conditions as trees.
import { currencies } from '../fields/currency.ts';
import { acceptedTypes } from '../fields/file-limits.ts';
import type { Entity, Field, Relation } from '../metadata/registry.ts';
import type { FormFieldUi } from './form-document.ts';
import { textIn } from './text-in.ts';

const anyOf = (entity: Entity, field: string): Extract<Relation, { kind: 'belongsToAny' }> | undefined =>
  [...entity.relations.values()].find(
    (relation): relation is Extract<Relation, { kind: 'belongsToAny' }> =>
      relation.kind === 'belongsToAny' && (relation.typeField === field || relation.idField === field),
  );

function referenceUi(entity: Entity, field: Field): FormFieldUi | undefined {
  const any = anyOf(entity, field.name);
  if (any?.typeField === field.name) {
    return { 'ui:widget': 'anyReference', 'ui:options': { targets: any.targets, idField: any.idField } };
  }
  if (any !== undefined) return { 'ui:widget': 'lookup', 'ui:options': { relation: any.name, typeField: any.typeField } };
  const relation = field.relation === undefined ? undefined : entity.relations.get(field.relation);
  if (relation?.kind !== 'belongsTo') return undefined;
  return { 'ui:widget': 'lookup', 'ui:options': { entity: relation.target, relation: relation.name } };
}

function widgetUi(entity: Entity, field: Field): FormFieldUi & Readonly<Record<string, unknown>> {
  const reference = referenceUi(entity, field);
  if (reference !== undefined) return { ...reference };
  switch (field.type.widget) {
    // Objects are drawn by a template, part by part.
    case 'address':
      return { country: { 'ui:widget': 'country' } };
    case 'personName':
      return {};
    case 'geolocation':
      return { lat: { 'ui:widget': 'degrees' }, lng: { 'ui:widget': 'degrees' } };
    case 'json':
      return { 'ui:field': 'json' };
    case 'file':
    case 'image':
      return { 'ui:field': 'file', 'ui:options': { accept: acceptedTypes(field.meta) } };
    case 'money':
      return {
        'ui:widget': 'money',
        'ui:options': {
          currencyField: `${field.name}_currency`,
          currencies: [...currencies.keys()],
          // It may follow from elsewhere while the amount is there to be typed.
          currencyReadOnly: entity.fields.get(`${field.name}_currency`)?.readOnly === true,
        },
      };
    default:
      return { 'ui:widget': field.type.widget };
  }
}

export function fieldUi(entity: Entity, field: Field, language: string): FormFieldUi {
  const { meta } = field;
  const retired = (meta.options ?? []).filter((option) => option.active === false).map((option) => option.value);
  return {
    ...widgetUi(entity, field),
    ...(meta.help === undefined ? {} : { 'ui:help': textIn(language, meta.help) }),
    ...(meta.placeholder === undefined ? {} : { 'ui:placeholder': textIn(language, meta.placeholder) }),
    ...(field.readOnly ? { 'ui:readonly': true } : {}),
    ...(retired.length === 0 ? {} : { 'ui:enumDisabled': retired }),
    ...(meta.visibleWhen == null ? {} : { 'x-visibleWhen': meta.visibleWhen }),
    ...(meta.requiredWhen == null ? {} : { 'x-requiredWhen': meta.requiredWhen }),
    ...(meta.readOnlyWhen == null ? {} : { 'x-readOnlyWhen': meta.readOnlyWhen }),
    ...(meta.optionsWhen === undefined ? {} : { 'x-optionsWhen': meta.optionsWhen }),
  };
}
