// The form of an entity for react-jsonschema-form: a draft-07 schema and a uiSchema, from the registry alone.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { Actor } from '../repository/actor.ts';
import { fieldSchema, isRequired } from './field-schema.ts';
import { fieldUi } from './field-ui.ts';
import type { FormDocument } from './form-document.ts';
import { formLayout } from './form-layout.ts';

/**
 * @param language of titles, help and option labels; a label without it is given in the first language that it has
 * @returns every declared field as a property (system fields only where the layout names them), with the actor's layout
 */
export function formOf(registry: Registry, entity: Entity, actor: Actor, language: string): FormDocument {
  const tabs = formLayout({ registry, entity, actor, language });
  const named = new Set(tabs.flatMap((tab) => tab.sections.flatMap(({ rows }) => rows.flat().map((cell) => cell.field))));
  const fields = [...entity.fields.values()].filter((field) => !field.hidden && (!field.system || named.has(field.name)));
  return {
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      title: entity.meta.label[language]?.one ?? entity.singular,
      properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(entity, field, actor, language)])),
      required: fields.filter((field) => isRequired(entity, field)).map((field) => field.name),
    },
    uiSchema: {
      'ui:order': fields.map((field) => field.name),
      'x-layout': { tabs },
      ...Object.fromEntries(fields.map((field) => [field.name, fieldUi(entity, field, language)])),
    },
  };
}
