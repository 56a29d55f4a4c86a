// The shapes of the metadata files, exactly as written in JSON; metadata/schemas/*.schema.json checks them.
import type { Condition } from '../conditions/tree.ts';
import type { FieldMetadata, Label, Option } from '../fields/field-type.ts';

export type { FieldMetadata, Label, Option };
export type PluralLabel = Readonly<Record<string, { readonly one: string; readonly other: string }>>;

export interface AppMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  /** Before every table, function and queue name: `crm_`. */
  readonly prefix: string;
  /** The only PostgreSQL schema of the application: `crm_core`. */
  readonly schema: string;
  /** `/crm/v1` */
  readonly basePath: string;
  readonly flagPrefix: string;
  readonly telemetryNamespace: string;
  readonly baseCurrency: string;
  /** ISO 3166-1 alpha-2, for phone numbers without a country. */
  readonly defaultRegion: string;
  /** The first is the fallback. */
  readonly languages: readonly string[];
  /** Folders of plugins/ to load, in order. */
  readonly plugins?: readonly string[];
  readonly navigation: readonly { readonly label: Label; readonly items: readonly string[] }[];
}

export type Operation = 'create' | 'read' | 'update' | 'delete' | 'restore' | 'purge' | 'merge' | 'import' | 'export';
export type OnDelete = 'restrict' | 'cascade' | 'detach';

export interface BelongsToMetadata {
  readonly id: string;
  readonly kind: 'belongsTo';
  readonly label?: Label;
  /** Plural name of the target entity. */
  readonly entity: string;
  /** The reference field it brings, e.g. `account_id`. */
  readonly field: string;
  /** Name of the to-many relation that the target gets; absent: none. */
  readonly inverse?: string;
  readonly inverseLabel?: Label;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly readOnly?: boolean;
  readonly onDelete: OnDelete;
}

/** One record of any of several entities: two fields, one composite index, no foreign key. */
export interface BelongsToAnyMetadata {
  readonly id: string;
  readonly kind: 'belongsToAny';
  readonly label?: Label;
  /** Plural names of the possible targets; absent: every entity whose features name `via`. */
  readonly entities?: readonly string[];
  readonly via?: 'timeline' | 'tags' | 'comments' | 'attachments' | 'activities';
  readonly typeField: string;
  readonly idField: string;
  readonly inverse?: string;
  readonly inverseLabel?: Label;
  readonly required?: boolean;
  readonly onDelete: OnDelete;
}

/** Through a link entity that is declared as an entity file of its own (so the link has fields, API and audit like any other). */
export interface ManyToManyMetadata {
  readonly id: string;
  readonly kind: 'manyToMany';
  readonly label?: Label;
  readonly entity: string;
  /** Plural name of the link entity. */
  readonly through: string;
  /** Its belongsTo relation that points here, and the one that points to `entity`. */
  readonly from: string;
  readonly to: string;
  readonly inverse?: string;
  readonly inverseLabel?: Label;
}

export type RelationMetadata = BelongsToMetadata | BelongsToAnyMetadata | ManyToManyMetadata;

export interface EntityFeatures {
  /** Writes rows to the timeline when records change. */
  readonly timeline?: boolean;
  readonly comments?: boolean;
  readonly attachments?: boolean;
  readonly tags?: boolean;
  readonly import?: boolean;
  readonly export?: boolean;
  readonly merge?: boolean;
  /** false: the entity takes no custom fields. */
  readonly customFields?: boolean;
  /** Update and delete need If-Match (428 without). */
  readonly requireIfMatch?: boolean;
}

export interface IndexMetadata {
  readonly id?: string;
  /** Field names; `-name` for descending. */
  readonly fields: readonly string[];
  readonly unique?: boolean;
}

export interface DuplicateRule {
  readonly name: string;
  readonly action: 'block' | 'warn';
  readonly match: readonly { readonly field: string; readonly method: 'normalized' | 'ignoreCase' | 'exact' }[];
}

export interface ValidationRule {
  readonly name: string;
  readonly on: readonly ('create' | 'update')[];
  readonly errorWhen: Condition;
  /** The field that the error is shown on. */
  readonly field?: string;
  readonly message: Label;
}

export interface EntityMetadata {
  readonly id: string;
  /** Always equal to `plural`; REST path, table suffix and key in the registry. */
  readonly name: string;
  readonly singular: string;
  readonly plural: string;
  readonly label: PluralLabel;
  /** Name of an icon of the Tabler set. */
  readonly icon?: string;
  readonly description?: Label;
  /** Fields whose values, joined by a space, make the record's maintained `display_name`. */
  readonly display: { readonly nameFields: readonly string[]; readonly subtitleFields?: readonly string[] };
  readonly features?: EntityFeatures;
  readonly operations: readonly Operation[];
  /** Reference fields that hold the owner and the team; an owner not given is the caller. */
  readonly ownership?: { readonly owner?: string; readonly team?: string };
  /** `partitionBy: month` keeps the rows in monthly partitions by created_at (append-only entities). */
  readonly storage?: { readonly partitionBy: 'month' };
  readonly audit?: { readonly exclude?: readonly string[]; readonly off?: boolean };
  readonly fields: Readonly<Record<string, FieldMetadata>>;
  readonly relations?: Readonly<Record<string, RelationMetadata>>;
  readonly indexes?: readonly IndexMetadata[];
  /** Fields that `q=` and the global search look into; A weighs most. */
  readonly search?: { readonly fields: readonly { readonly name: string; readonly weight: 'A' | 'B' | 'C' | 'D' }[] };
  readonly duplicateRules?: readonly DuplicateRule[];
  readonly validationRules?: readonly ValidationRule[];
  readonly api?: { readonly maxPageSize?: number };
  readonly featureFlag?: string;
}

export interface OptionSetMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly options: readonly Option[];
}

export type AccessLevel = 'none' | 'own' | 'team' | 'all';
export interface EntityGrant {
  readonly create?: boolean;
  readonly read?: AccessLevel;
  readonly update?: AccessLevel;
  readonly delete?: AccessLevel;
  readonly restore?: AccessLevel;
  readonly purge?: AccessLevel;
  readonly import?: boolean;
  readonly export?: boolean;
}
export interface RoleMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly extends?: readonly string[];
  readonly assignableTo?: readonly ('user' | 'apiKey')[];
  readonly system?: Readonly<Record<string, unknown>>;
  /** Entity plural name, or `*` for all not named. */
  readonly entities: Readonly<Record<string, EntityGrant>>;
}

export interface LayoutSection {
  readonly id: string;
  readonly label: Label;
  readonly columns?: 1 | 2 | 3;
  readonly collapsed?: boolean;
  readonly visibleWhen?: Condition | null;
  readonly rows: readonly (readonly { readonly field: string; readonly span?: number; readonly widget?: string }[])[];
}
export interface LayoutTab {
  readonly id: string;
  readonly label: Label;
  readonly sections?: readonly LayoutSection[];
  readonly relatedLists?: readonly {
    readonly relation: string;
    readonly columns: readonly string[];
    readonly sort?: readonly string[];
    readonly limit?: number;
  }[];
  readonly panel?: 'audit' | 'timeline';
}
export interface LayoutMetadata {
  readonly id: string;
  readonly name: string;
  readonly entity: string;
  readonly type: 'detail';
  readonly priority?: number;
  readonly appliesTo?: { readonly roles?: readonly string[] };
  readonly tabs: readonly LayoutTab[];
}

export interface ViewMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly entity: string;
  readonly type: 'list';
  readonly columns: readonly string[];
  readonly sort?: readonly string[];
  readonly filter?: Condition;
  readonly default?: boolean;
}

export interface DashboardMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly widgets: readonly Readonly<Record<string, unknown>>[];
}

/** A rule as json-rules-engine takes it; `event.type` names an action of the automation catalogue, e.g. `score.add`. */
export interface RuleMetadata {
  readonly name: string;
  readonly priority?: number;
  readonly conditions: Condition;
  readonly event: { readonly type: string; readonly params?: Readonly<Record<string, unknown>> };
}
export interface StepMetadata {
  readonly id: string;
  /** A step of the automation catalogue: `record.update`, `timeline.add` … */
  readonly type: string;
  readonly when?: Condition;
  readonly [setting: string]: unknown;
}
export interface WorkflowMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly entity: string;
  readonly status: 'active' | 'draft' | 'disabled';
  readonly featureFlag?: string;
  readonly runAs?: string;
  readonly trigger: {
    readonly type: 'record.saved' | 'record.created' | 'record.updated' | 'record.deleted' | 'record.restored';
    /** Only when one of these changed (always on create). */
    readonly watchFields?: readonly string[];
    readonly sources?: readonly string[];
    readonly when?: Condition;
  };
  readonly guards?: { readonly maxChainDepth?: number };
  readonly rules: readonly RuleMetadata[];
  readonly steps: readonly StepMetadata[];
  readonly tests?: readonly {
    readonly name: string;
    readonly given: {
      readonly record?: Readonly<Record<string, unknown>>;
      readonly operation: string;
      readonly changed?: readonly string[];
    };
    readonly expect: Readonly<Record<string, unknown>>;
  }[];
}

/** How a file from elsewhere becomes records: `formwork import <entity> file.csv --map map.json`. */
export interface ImportMappingMetadata {
  readonly id: string;
  readonly entity: string;
  readonly label?: Label;
  /** Match existing records on this field: `external_id` or a unique field. */
  readonly upsertOn: string;
  /** What a value that its field refuses does: reject the row, or keep the row without the value. Either way it is reported. */
  readonly onInvalid?: 'rejectRow' | 'rejectField';
  readonly format?: {
    readonly dateFormats?: readonly string[];
    readonly decimalSeparator?: '.' | ',';
    readonly timeZone?: string;
    readonly delimiter?: string;
    readonly listSeparator?: string;
  };
  /** Target field (`name`, `address.city`, `account_id`) → how it is filled. */
  readonly fields: Readonly<
    Record<
      string,
      {
        /** Column of the file; several are joined by a space. */
        readonly column?: string | readonly string[];
        /** A constant for every row. */
        readonly value?: unknown;
        /** Text of the file → value, before parsing. */
        readonly map?: Readonly<Record<string, string>>;
        /** For references: the field of the target entity that the cell holds, `external_id` by default. */
        readonly match?: string;
        readonly onInvalid?: 'rejectRow' | 'rejectField';
      }
    >
  >;
}

/** Interface text of one language: key → text. */
export type LocaleMetadata = Readonly<Record<string, string>>;

/** One layer, as read from its files, before it is checked. Keys are the ids. */
export interface MetadataSource {
  readonly app: AppMetadata;
  readonly entities: readonly EntityMetadata[];
  readonly optionSets: readonly OptionSetMetadata[];
  readonly roles: readonly RoleMetadata[];
  readonly layouts: readonly LayoutMetadata[];
  readonly views: readonly ViewMetadata[];
  readonly dashboards: readonly DashboardMetadata[];
  readonly workflows: readonly WorkflowMetadata[];
  readonly importMappings: readonly ImportMappingMetadata[];
}
