// The form of a new record: without the fields that only the engine writes, and without panels about its past.
import type { FormDocument } from '../../../server/forms/form-document.ts';

/** What a link to the create page may set beforehand: `{ "account_id": "…" }`. */
export interface CreateSearch {
  readonly set?: Readonly<Record<string, string>>;
}

export function parseCreateSearch(search: Readonly<Record<string, unknown>>): CreateSearch {
  const { set } = search;
  if (typeof set !== 'object' || set === null) return {};
  const given = Object.entries(set).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return given.length === 0 ? {} : { set: Object.fromEntries(given) };
}

export function writableOnly(form: FormDocument): FormDocument {
  const properties = Object.fromEntries(
    Object.entries(form.schema.properties).filter(([, schema]) => schema['readOnly'] !== true),
  );
  return {
    schema: { ...form.schema, properties },
    uiSchema: {
      ...form.uiSchema,
      'ui:order': form.uiSchema['ui:order'].filter((name) => Object.hasOwn(properties, name) || name === '*'),
    },
  };
}
