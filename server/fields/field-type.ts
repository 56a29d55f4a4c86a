// The interface of a field type: one file a type, with all its faces (column, JSON Schema, GraphQL, widget, parse, render).
import type { Condition } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';

/** Text per language: `{ "en": "Stage", "ar": "المرحلة" }`. */
export type Label = Readonly<Record<string, string>>;
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Option {
  readonly value: string;
  readonly label: Label;
  readonly color?: string;
  /** false: no longer offered for new values, still shown and filterable. */
  readonly active?: boolean;
}

/** While a record meets the condition, it has one of these options. */
export interface OptionsWhen {
  readonly when: Condition;
  readonly options: readonly string[];
}

/** A name that the thing had before; the API understands it until the time given (RFC 3339). */
export interface FormerName {
  readonly name: string;
  readonly until: string;
}

/** A field as it stands in an entity file; type-specific settings sit beside the common ones. Option sets are already resolved to `options`. */
export interface FieldMetadata {
  readonly id: string;
  readonly type: string;
  readonly label: Label;
  readonly formerNames?: readonly FormerName[];
  readonly help?: Label;
  readonly placeholder?: Label;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly unique?: boolean;
  readonly index?: boolean;
  readonly readOnly?: boolean;
  readonly privacy?: 'personal' | 'sensitive';
  readonly visibleWhen?: Condition | null;
  readonly requiredWhen?: Condition | null;
  readonly readOnlyWhen?: Condition | null;
  readonly options?: readonly Option[];
  /** Which of the options a record may have, by the first condition that it meets; all of them where it meets none. */
  readonly optionsWhen?: readonly OptionsWhen[];
  readonly optionSet?: string;
  /** Options that come from the metadata itself. */
  readonly optionsFrom?: 'roles' | 'entities' | 'languages';
  // Settings that several types share; the type's own `settings` schema says which apply.
  readonly min?: number | string;
  readonly max?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly [setting: string]: unknown;
}

/** A physical column. `suffix` is appended to the field's name: '' for the main column, `_currency`, `_city` … */
export interface ColumnSpec {
  readonly suffix: string;
  /** PostgreSQL type as `format_type` prints it, e.g. `text`, `numeric(19,4)`, `timestamp(3) with time zone`, `text[]`. */
  readonly type: string;
  readonly collation?: string;
  readonly kind: ValueKind;
}

export interface FieldIssue {
  /** Path below the field, e.g. `/city`; '' for the field itself. */
  readonly path: string;
  readonly code: string;
  readonly detail: string;
  /** Of `min_length` and `max_length`: the length. */
  readonly limit?: number;
}

/** What parsing may look at besides the value. */
export interface ParseContext {
  readonly defaultRegion: string;
  readonly baseCurrency: string;
  /**
   * A value of the same record as it will be after the write (`mailing_address.country`), or of one that it refers to
   * (`account.billing_address.country`); undefined or null where there is none.
   */
  value(path: string): unknown | Promise<unknown>;
}

/** Column suffix → value to bind (JS value that `pg` takes; JSON columns already stringified). */
export type ColumnValues = Readonly<Record<string, unknown>>;
export type Parsed = { readonly columns: ColumnValues } | { readonly issues: readonly FieldIssue[] };

/** How text of a CSV cell is to be read; the mapping file states it per column. */
export interface TextFormat {
  /** dayjs patterns to try in order for date and dateTime, e.g. `DD MMM, YYYY HH:mm:ss`. */
  readonly dateFormats?: readonly string[];
  readonly decimalSeparator?: '.' | ',';
  /** IANA zone for times without an offset; UTC when absent. */
  readonly timeZone?: string;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  /** Separator of several values in one cell; `;` when absent. */
  readonly listSeparator?: string;
}

export interface FieldType {
  readonly name: string;
  readonly label: Label;
  /** Kind of the field's main value; decides its operators (conditions/operators.ts). */
  readonly kind: ValueKind;
  /** JSON Schema `properties` of the settings this type takes beyond the common ones; an unlisted setting is refused. */
  readonly settings: Readonly<Record<string, JsonSchema>>;
  /** Name of the form widget; the admin UI maps it to a component. */
  readonly widget: string;
  /** Write-only: never selected, audited, exported or filtered. */
  readonly secret?: boolean;
  /** Parts that can be addressed as `field.part` (address.city): part → column suffix and kind. */
  readonly parts?: Readonly<Record<string, { readonly suffix: string; readonly kind: ValueKind; readonly label: Label }>>;
  /** false: cannot be sorted by. */
  readonly sortable?: boolean;

  columns(field: FieldMetadata): readonly ColumnSpec[];
  /** Draft-07 schema of the value in a JSON body, without null. */
  jsonSchema(field: FieldMetadata): JsonSchema;
  /** SDL names of the GraphQL types, without `!`: `String`, `Int`, `Boolean`, `Decimal`, `Date`, `DateTime`, `JSON`, `[String!]`, `ID`. */
  graphql(field: FieldMetadata): { readonly output: string; readonly input: string };
  /** Checks and normalises a non-null JSON value. Never throws on any input. */
  parse(value: unknown, field: FieldMetadata, context: ParseContext): Parsed | Promise<Parsed>;
  /** Reads a non-empty CSV cell into the JSON value that `parse` takes; returns issues when it cannot. Composite types read their parts (`address.city` columns) one by one. */
  fromText(
    text: string,
    field: FieldMetadata,
    format: TextFormat,
  ): { readonly value: unknown } | { readonly issues: readonly FieldIssue[] };
  /**
   * A value that is there as plain text, for names of records, search and exports; absent: as JSON shows it.
   * @param value as the API gives it
   */
  text?(value: unknown, field: FieldMetadata): string;
  /** SQL expression of the JSON-able output value. `column(suffix)` gives the quoted, aliased column. */
  json(column: (suffix: string) => string, field: FieldMetadata): string;
  /** Further flat fields that this one brings: money `amount` brings `amount_currency`. Key: name suffix. */
  implied?(field: FieldMetadata): Readonly<Record<string, FieldMetadata>>;
  /** Further columns, which only the engine reads. */
  kept?(field: FieldMetadata): readonly ColumnSpec[];
  /** Of types whose values are worked out: the type that their values have, to everybody who reads them. */
  result?(field: FieldMetadata): FieldType;
  /** Refuses settings that are each well-formed but contradict (min > max, default not an option). */
  check?(field: FieldMetadata): readonly { readonly pointer: string; readonly detail: string }[];
}
