// The shapes of the metadata files, exactly as written in JSON; metadata/schemas/*.schema.json checks them.
import type { Condition } from '../conditions/tree.ts';
import type { FieldMetadata, FormerName, Label, Option } from '../fields/field-type.ts';
import type { DashboardMetadata, LayoutMetadata, ViewMetadata } from './screen-types.ts';
import type { ImportMappingMetadata, WorkflowMetadata } from './workflow-types.ts';

export type { DashboardMetadata, LayoutMetadata, LayoutSection, LayoutTab, ViewMetadata } from './screen-types.ts';
export type { ImportMappingMetadata, RuleMetadata, StepMetadata, WorkflowMetadata } from './workflow-types.ts';
export type { FieldMetadata, FormerName, Label, Option };
export type PluralLabel = Readonly<Record<string, { readonly one: string; readonly other: string }>>;

export interface AppMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  /** Before every table, function and queue name: `shop_`. */
  readonly prefix: string;
  /** The only PostgreSQL schema of the application: `shop_core`. */
  readonly schema: string;
  /** `/shop/v1` */
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
/** What a role may grant: an operation, changing many records at once, or giving records to somebody. */
export type Right = Operation | 'massChange' | 'assign';
export type OnDelete = 'restrict' | 'cascade' | 'detach';

export interface BelongsToMetadata {
  readonly id: string;
  readonly kind: 'belongsTo';
  readonly label?: Label;
  readonly formerNames?: readonly FormerName[];
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
  readonly formerNames?: readonly FormerName[];
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
  readonly formerNames?: readonly FormerName[];
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

/** How the values of one field are compared; each way has its index. */
export interface DuplicateMatch {
  /** A field of the record or a part of one (`address.city`). */
  readonly field: string;
  /** The same as stored; case, accents and width aside; by the key of its kind; by trigrams of that key; by its sound. */
  readonly method: 'exact' | 'folded' | 'normalized' | 'similar' | 'phonetic';
  /** What a text names. Absent: by the type of the field, a text by its words. */
  readonly as?: 'person' | 'company' | 'text';
  /** Of trigrams, for `similar`: 0.1 … 1; 0.6 when absent. */
  readonly similarity?: number;
  /** What it adds to the sum of a rule with `threshold`; 1 when absent. */
  readonly weight?: number;
  /** What it takes from that sum where both records have a value, and not the same; 0 when absent. */
  readonly penalty?: number;
}

export type DuplicateOccasion = 'create' | 'update' | 'import';

export interface DuplicateRule {
  readonly name: string;
  readonly label?: Label;
  /** `block` refuses the write; `warn` reports it, or refuses it where the caller asks for that. */
  readonly action: 'block' | 'warn';
  /** Absent: on each of them. */
  readonly on?: readonly DuplicateOccasion[];
  /** Both records must meet it. */
  readonly when?: Condition;
  readonly match: readonly DuplicateMatch[];
  /** The share of the weights' sum (0 … 1) from which two records are one. Absent: all must match. */
  readonly threshold?: number;
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
  /** Plural names that it had. */
  readonly formerNames?: readonly FormerName[];
  /** Name of an icon of the Tabler set. */
  readonly icon?: string;
  readonly description?: Label;
  /** Fields whose values, joined by a space, make the record's maintained `display_name`. */
  readonly display: { readonly nameFields: readonly string[]; readonly subtitleFields?: readonly string[] };
  readonly features?: EntityFeatures;
  readonly operations: readonly Operation[];
  /**
   * Reference fields that hold the owner and the team; an owner not given is the caller. `through`: the relation to the
   * record whose owner and team count instead (a line of an order, the timeline of anything).
   */
  readonly ownership?: { readonly owner?: string; readonly team?: string; readonly through?: string };
  /**
   * Fields whose values tell of the record that `relation` (a `belongsToAny`) leads to: values by its field names, names of
   * its fields under `changed`, what it is called, or a proof by which values could be guessed. Readers are not told of
   * fields of it that are closed to them.
   */
  readonly about?: Readonly<
    Record<string, { readonly relation: string; readonly tells: 'values' | 'changedNames' | 'name' | 'proof' }>
  >;
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
/** `true` is `all`, `false` is `none`. */
export type GrantedLevel = AccessLevel | boolean;
export interface FieldGrant {
  /** `masked`: that there is a value, and its last `keepEnd` characters where it is a text. Absent: true. */
  readonly read?: boolean | 'masked';
  /** Absent: as `read`, where that is not `masked`. */
  readonly write?: boolean;
  /** 0 … 8; 0 when absent. */
  readonly keepEnd?: number;
}
export type EntityGrant = Readonly<Partial<Record<Right, GrantedLevel>>> & {
  /** The record filter: this role's grants reach no other records. */
  readonly filter?: Condition;
  /** By field name; fields that are not named are open. */
  readonly fields?: Readonly<Record<string, FieldGrant>>;
};
export interface RoleMetadata {
  readonly id: string;
  readonly name: string;
  readonly label: Label;
  readonly extends?: readonly string[];
  readonly assignableTo?: readonly ('user' | 'apiKey')[];
  readonly system?: Readonly<Record<string, unknown>>;
  /** Entity plural name, `*custom` for all made at run time that are not named, or `*` for all the others. */
  readonly entities: Readonly<Record<string, EntityGrant>>;
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
