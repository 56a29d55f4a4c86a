// The compiled metadata: immutable, replaced whole; a request keeps the one it started with.

import type { Condition } from '../conditions/tree.ts';
import type { ColumnSpec, FieldMetadata, FieldType } from '../fields/field-type.ts';
import type { RollupFunction } from '../fields/rollup.ts';
import type { FormulaNode } from '../formulas/tree.ts';
import type { MetadataDocument } from './document.ts';
import type {
  AccessLevel,
  AppMetadata,
  DashboardMetadata,
  EntityMetadata,
  FieldGrant,
  ImportMappingMetadata,
  Label,
  LayoutMetadata,
  OnDelete,
  Operation,
  OptionSetMetadata,
  RoleMetadata,
  ViewMetadata,
  WorkflowMetadata,
} from './types.ts';

export interface Column extends ColumnSpec {
  /** Full column name: field name + suffix. */
  readonly name: string;
}

export interface Field {
  readonly name: string;
  readonly meta: FieldMetadata;
  readonly type: FieldType;
  readonly columns: readonly Column[];
  /** Further columns, which only the engine reads. */
  readonly kept?: readonly Column[];
  readonly required: boolean;
  /** Never accepted in input (system fields, maintained fields). */
  readonly readOnly: boolean;
  /** One of the engine's own fields: id, version, created_at … */
  readonly system: boolean;
  /** Not part of any output or filter (search_text). */
  readonly hidden: boolean;
  /** For reference fields: the belongsTo relation they carry. */
  readonly relation?: string;
  /** Of values that the engine works out: how. */
  readonly computed?: Computed;
  /** Only in a registry as somebody sees it: the field is not open in all records, or masked. */
  readonly guard?: FieldGuard;
}

/** How a value is worked out; always from what is stored, so that it can be worked out again. */
export type Computed =
  | {
      readonly kind: 'formula';
      readonly formula: FormulaNode;
      /** Of an amount: the field with its currency, to whose minor units it is rounded. */
      readonly currency?: string;
    }
  | {
      readonly kind: 'rollup';
      /** Name of a to-many relation of the entity. */
      readonly relation: string;
      readonly calculate: RollupFunction;
      /** Field of the related records; absent for a count. */
      readonly field?: string;
      /** On the related record alone. */
      readonly filter?: Condition;
    }
  /** The currency of an amount, as a record that this one belongs to has it. */
  | {
      readonly kind: 'inherited';
      readonly amount: string;
      readonly relation: string;
      /** The reference field of the relation. */
      readonly reference: string;
      /** Field of the record that it leads to. */
      readonly field: string;
    }
  /** An amount in the base currency, by the rate in force on a day. */
  | { readonly kind: 'converted'; readonly amount: string; readonly currency: string; readonly date: string };

/** One role's word on one right to an entity. */
export interface Grant {
  /** Name of the role, and the key of its `entities` that says it. */
  readonly role: string;
  readonly entry: string;
  readonly level: Exclude<AccessLevel, 'none'>;
  readonly filter?: Condition;
  readonly fields: Readonly<Record<string, FieldGrant>>;
}

/** In the records of the `open` grants the value shows, in those of the `masked` ones its mask, elsewhere nothing. */
export interface FieldGuard {
  readonly open: readonly Grant[];
  readonly masked: readonly Grant[];
  /** Characters at the end of a text that a mask leaves. */
  readonly keepEnd: number;
}

export type Relation =
  | {
      readonly kind: 'belongsTo';
      readonly name: string;
      readonly id: string;
      readonly label: Label;
      readonly target: string;
      readonly field: string;
      readonly required: boolean;
      /** false: by id only (created_by, and everything in or to partitioned tables). */
      readonly foreignKey: boolean;
      readonly onDelete: OnDelete;
      readonly inverse?: string;
    }
  | {
      readonly kind: 'belongsToAny';
      readonly name: string;
      readonly id: string;
      readonly label: Label;
      readonly targets: readonly string[];
      readonly typeField: string;
      readonly idField: string;
      readonly required: boolean;
      readonly onDelete: OnDelete;
      readonly inverse?: string;
    }
  /** Inverse of a belongsTo: rows of `target` whose `field` is this record's id. */
  | {
      readonly kind: 'hasMany';
      readonly name: string;
      readonly id: string;
      readonly label: Label;
      readonly target: string;
      readonly field: string;
      readonly onDelete: OnDelete;
      readonly inverse: string;
    }
  /** Inverse of a belongsToAny: rows of `target` whose typeField is this entity's name and idField this record's id. */
  | {
      readonly kind: 'hasManyAny';
      readonly name: string;
      readonly id: string;
      readonly label: Label;
      readonly target: string;
      readonly typeField: string;
      readonly idField: string;
      readonly onDelete: OnDelete;
      readonly inverse: string;
    }
  /** Rows of `target` linked by live rows of `through`: through.fromField = this id, through.toField = target id. */
  | {
      readonly kind: 'manyToMany';
      readonly name: string;
      readonly id: string;
      readonly label: Label;
      readonly target: string;
      readonly through: string;
      readonly fromField: string;
      readonly toField: string;
    };

export const isToMany = (relation: Relation): boolean =>
  relation.kind === 'hasMany' || relation.kind === 'hasManyAny' || relation.kind === 'manyToMany';

export interface Entity {
  readonly id: string;
  /** Plural API name, e.g. the REST path segment; the key in `Registry.entities`. */
  readonly name: string;
  readonly singular: string;
  readonly meta: EntityMetadata;
  /** Table name with the prefix, without the schema. */
  readonly table: string;
  /** `"schema"."table"`, quoted. */
  readonly qualifiedTable: string;
  /** System fields first (id), then the declared ones in file order (references at their relation's place), then the other system fields. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** Other names of its fields and relations → the current one. */
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly operations: ReadonlySet<Operation>;
  readonly partitioned: boolean;
  /** From which layer it came: platform entities are part of every application. */
  readonly layer: 'platform' | 'plugin' | 'application' | 'custom';
}

/** A name that is understood but not the one that is told: the current name, and until when. */
export interface Alias {
  readonly name: string;
  /** Milliseconds since 1970; Infinity: for as long as this registry is served. */
  readonly until: number;
}

export interface Registry {
  /** SHA-256 of the canonical metadata, first 16 hex digits. */
  readonly version: string;
  /** Number of the metadata version that was published with it; 0: not from the database. */
  readonly number: number;
  /** What it was built from, lowest layer first. */
  readonly documents: readonly MetadataDocument[];
  /** Other names of entities (plural or singular) → plural name. */
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly app: AppMetadata;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly entitiesBySingular: ReadonlyMap<string, Entity>;
  readonly optionSets: ReadonlyMap<string, OptionSetMetadata>;
  readonly roles: ReadonlyMap<string, RoleMetadata>;
  readonly layouts: readonly LayoutMetadata[];
  readonly views: readonly ViewMetadata[];
  readonly dashboards: readonly DashboardMetadata[];
  readonly workflows: readonly WorkflowMetadata[];
  readonly importMappings: ReadonlyMap<string, ImportMappingMetadata>;
  readonly fieldTypes: ReadonlyMap<string, FieldType>;
}

/**
 * Remembers what is derived from a registry (models, GraphQL schema, OpenAPI …) for as long as the registry lives.
 * @example const modelsOf = perRegistry((registry) => buildModels(registry));
 */
export function perRegistry<T>(build: (registry: Registry) => T): (registry: Registry) => T {
  const built = new WeakMap<Registry, T>();
  return (registry) => {
    const known = built.get(registry);
    if (known !== undefined) return known;
    const made = build(registry);
    built.set(registry, made);
    return made;
  };
}

/** The one reference that a metadata change swaps. */
export interface RegistryHolder {
  current(): Registry;
  replace(next: Registry): void;
}

export function registryHolder(first: Registry): RegistryHolder {
  let registry = first;
  return {
    current: () => registry,
    replace: (next) => {
      registry = next;
    },
  };
}
