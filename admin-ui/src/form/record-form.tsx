// The rjsf form of a record: schema and layout from the server, drawn by our own templates and widgets.
import Form from '@rjsf/core/lib/components/Form.js';
import type { ErrorSchema, RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import type { JsonSchema } from '../../../server/fields/field-type.ts';
import type { FormDocument } from '../../../server/forms/form-document.ts';
import type { FormState } from './form-conditions.ts';
import type { FormValues, RecordFormContext } from './form-context.ts';
import { fields, templates, widgets } from './look.ts';
import { validator } from './validator.ts';

interface RecordFormProps {
  readonly id: string;
  readonly form: FormDocument;
  readonly state: FormState;
  readonly context: RecordFormContext;
  readonly errors: ErrorSchema<Record<string, unknown>>;
  /** After the first attempt to save, every change is checked at once. */
  readonly live: boolean;
  readonly onChange: (values: FormValues) => void;
  readonly onSubmit: (values: FormValues) => void;
  readonly onInvalid: (errors: readonly RJSFValidationError[]) => void;
}

type OneOf = readonly { readonly const: unknown }[];

/** The choices of a select, or of each item of several, without those that are not open now. */
function narrowed(schema: JsonSchema, open: readonly string[] | undefined): JsonSchema {
  if (open === undefined) return schema;
  const items = schema['items'] as JsonSchema | undefined;
  if (items !== undefined) return { ...schema, items: narrowed(items, open) };
  const choices = (schema['oneOf'] ?? []) as OneOf;
  return { ...schema, oneOf: choices.filter((choice) => open.includes(String(choice.const))) };
}

/** The schema with what is required and open now; defaults are ours to set, once, on a new record. */
function schemaNow(form: FormDocument, required: readonly string[], options: FormState['options']): RJSFSchema {
  const properties = Object.fromEntries(
    Object.entries(form.schema.properties).map(([name, schema]) => {
      const { default: _, ...rest } = narrowed(schema, options.get(name));
      const mustNotBeEmpty = required.includes(name) && rest['type'] === 'string' && rest['minLength'] === undefined;
      return [name, mustNotBeEmpty ? { ...rest, minLength: 1 } : rest];
    }),
  );
  return { ...form.schema, properties, required: [...required] } as RJSFSchema;
}

export function RecordForm({ id, form, state, context, errors, live, onChange, onSubmit, onInvalid }: RecordFormProps) {
  const required = [...state.required].sort().join(' ');
  const options = JSON.stringify([...state.options]);
  const schema = useMemo(
    () => schemaNow(form, required === '' ? [] : required.split(' '), new Map(JSON.parse(options) as [string, string[]][])),
    [form, required, options],
  );
  return (
    <Form<Record<string, unknown>, RJSFSchema, RecordFormContext>
      id={id}
      idPrefix="field"
      schema={schema}
      uiSchema={form.uiSchema as unknown as UiSchema<Record<string, unknown>, RJSFSchema, RecordFormContext>}
      formData={context.values as Record<string, unknown>}
      formContext={context}
      validator={validator}
      widgets={widgets}
      templates={templates}
      fields={fields}
      extraErrors={errors}
      noHtml5Validate
      showErrorList={false}
      liveValidate={live ? 'onChange' : false}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults' }}
      experimental_componentUpdateStrategy="shallow"
      onChange={(event) => onChange(event.formData ?? {})}
      onSubmit={(event) => onSubmit(event.formData ?? {})}
      onError={onInvalid}
    >
      {/* Our own Save button stands in the page's head. */}
      <span hidden />
    </Form>
  );
}
