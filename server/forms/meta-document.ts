// The shape of GET {base}/meta: the registry as one actor may see it. The admin UI imports these types.
import type { Condition } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import type { Label, Option, OptionsWhen } from '../fields/field-type.ts';
import type { EntityFeatures, LayoutTab, Operation, PluralLabel, ViewMetadata } from '../metadata/types.ts';

export interface MetaField {
  readonly name: string;
  readonly type: string;
  readonly kind: ValueKind;
  /** Form widget of the field type. */
  readonly widget: string;
  readonly label: Label;
  readonly help?: Label;
  readonly placeholder?: Label;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** One of the engine's own fields: id, version, created_at … */
  readonly system: boolean;
  readonly secret?: boolean;
  readonly sortable: boolean;
  /** Filter operators by their REST alias: `eq`, `contains` … */
  readonly operators: readonly string[];
  readonly options?: readonly Option[];
  /** For reference fields: the relation they carry. */
  readonly relation?: string;
  readonly parts?: Readonly<
    Record<string, { readonly kind: ValueKind; readonly label: Label; readonly operators: readonly string[] }>
  >;
  /** For money: the flat field of its currency. */
  readonly currencyField?: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly default?: unknown;
  readonly unique?: boolean;
  readonly visibleWhen?: Condition;
  readonly requiredWhen?: Condition;
  readonly readOnlyWhen?: Condition;
  readonly optionsWhen?: readonly OptionsWhen[];
}

export interface MetaRelation {
  readonly kind: 'belongsTo' | 'belongsToAny' | 'hasMany' | 'hasManyAny' | 'manyToMany';
  readonly label: Label;
  /** Plural name of the target entity; absent for belongsToAny. */
  readonly target?: string;
  /** The possible targets of a belongsToAny. */
  readonly targets?: readonly string[];
  /** belongsTo: own reference field; hasMany: the target's field that points here. */
  readonly field?: string;
  readonly typeField?: string;
  readonly idField?: string;
}

export interface MetaEntity {
  readonly name: string;
  readonly singular: string;
  readonly label: PluralLabel;
  readonly icon?: string;
  readonly layer: string;
  readonly display: { readonly nameFields: readonly string[]; readonly subtitleFields?: readonly string[] };
  /** What the caller may do at least with some records. */
  readonly operations: readonly Operation[];
  readonly fields: Readonly<Record<string, MetaField>>;
  readonly relations: Readonly<Record<string, MetaRelation>>;
  readonly search: boolean;
  readonly features: EntityFeatures;
}

export interface MetaView {
  readonly name: string;
  readonly label: Label;
  readonly entity: string;
  readonly type: ViewMetadata['type'];
  readonly groupBy?: string;
  readonly sum?: string;
  readonly startField?: string;
  readonly endField?: string;
  readonly columns: readonly string[];
  readonly sort?: readonly string[];
  readonly filter?: Condition;
  readonly default?: boolean;
}

export interface MetaLayout {
  readonly name: string;
  readonly entity: string;
  readonly type: 'detail';
  readonly tabs: readonly LayoutTab[];
}

export interface MetaDocument {
  readonly version: string;
  readonly app: {
    readonly name: string;
    readonly label: Label;
    readonly basePath: string;
    readonly languages: readonly string[];
    readonly navigation: readonly { readonly label: Label; readonly items: readonly string[] }[];
    readonly baseCurrency: string;
  };
  readonly user: {
    readonly id: string;
    readonly display_name: string;
    readonly email: string | null;
    readonly language: string;
    readonly roles: readonly string[];
  };
  /** Of all features that are on for the caller: `meta/served` tells it anew. */
  readonly featureMark: string;
  /** Names of the larger features that are on for the caller. */
  readonly features: readonly string[];
  readonly entities: Readonly<Record<string, MetaEntity>>;
  readonly views: readonly MetaView[];
  readonly layouts: readonly MetaLayout[];
}
