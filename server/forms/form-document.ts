// The shape of GET {base}/meta/forms/{entity}: a draft-07 schema and a uiSchema for react-jsonschema-form, texts already in one language.
import type { Condition } from '../conditions/tree.ts';
import type { JsonSchema, OptionsWhen } from '../fields/field-type.ts';

export interface FormCell {
  /** Always a property of the schema. */
  readonly field: string;
  readonly span: number;
}

export interface FormSection {
  readonly id: string;
  readonly title: string;
  readonly columns: number;
  readonly collapsed: boolean;
  readonly visibleWhen?: Condition;
  readonly rows: readonly (readonly FormCell[])[];
}

export interface FormRelatedList {
  readonly relation: string;
  readonly title: string;
  /** Plural name of the related entity. */
  readonly entity: string;
  /** Fields of the related entity. */
  readonly columns: readonly string[];
  readonly sort?: readonly string[];
  readonly limit: number;
  /** The related entity's field that points back; a new related record starts with it. Absent for links through another entity. */
  readonly field?: string;
  /** With `field`: where the related entity may point to several kinds, the field that names the kind. */
  readonly typeField?: string;
}

export interface FormTab {
  readonly id: string;
  readonly title: string;
  readonly sections: readonly FormSection[];
  readonly relatedLists: readonly FormRelatedList[];
  readonly panel?: 'audit' | 'timeline';
}

/** One field's part of the uiSchema. Conditions travel as trees; `conditions/test.ts` decides them in the browser. */
export interface FormFieldUi {
  readonly 'ui:widget'?: string;
  readonly 'ui:field'?: string;
  readonly 'ui:help'?: string;
  readonly 'ui:placeholder'?: string;
  readonly 'ui:readonly'?: boolean;
  readonly 'ui:enumDisabled'?: readonly string[];
  readonly 'ui:options'?: Readonly<Record<string, unknown>>;
  readonly 'x-visibleWhen'?: Condition;
  readonly 'x-requiredWhen'?: Condition;
  readonly 'x-readOnlyWhen'?: Condition;
  readonly 'x-optionsWhen'?: readonly OptionsWhen[];
}

export interface FormUiSchema {
  readonly 'ui:order': readonly string[];
  readonly 'x-layout': { readonly tabs: readonly FormTab[] };
  readonly [field: string]: unknown;
}

export interface FormDocument {
  readonly schema: JsonSchema & {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required: readonly string[];
  };
  readonly uiSchema: FormUiSchema;
}
