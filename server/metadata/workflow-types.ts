// The shapes of workflow files and of mappings of files to import.
import type { Condition } from '../conditions/tree.ts';
import type { Label } from '../fields/field-type.ts';

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
  /** `actor` (whoever made the change; also when absent), `system`, or the name of a role. */
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

/** How texts of a file are to be read. */
export interface ImportFormat {
  /** dayjs patterns, tried in order. */
  readonly dateFormats?: readonly string[];
  readonly decimalSeparator?: '.' | ',';
  /** IANA zone of times that tell none. */
  readonly timeZone?: string;
  readonly delimiter?: string;
  readonly listSeparator?: string;
  /** Numbers are rounded half up to so many: programs that count in binary write 7.45 as 7.44999981. */
  readonly decimals?: number;
}

/** What becomes of a row that is like a record, by the duplicate rules of the entity. */
export interface ImportDuplicates {
  /** Where a rule blocks: the row is rejected (default), left out without a complaint, or changes the record that it is like. */
  readonly block?: 'reject' | 'skip' | 'update';
  /** Where a rule warns; by default a record is created all the same, and the warning told. */
  readonly warn?: 'create' | 'reject' | 'skip' | 'update';
}

/** How a file from elsewhere becomes records: `formwork import <entity> file.csv --map map.json`. */
export interface ImportMappingMetadata {
  readonly id: string;
  readonly entity: string;
  readonly label?: Label;
  /**
   * Match existing records on this field: `external_id`, a unique field, or `id` for changing records only. Null: every row
   * makes a record. Absent: `external_id` where that is filled, else null.
   */
  readonly upsertOn?: string | null;
  readonly duplicates?: ImportDuplicates;
  /** What a value that its field refuses does: reject the row, or keep the row without the value. Either way it is reported. */
  readonly onInvalid?: 'rejectRow' | 'rejectField';
  readonly format?: ImportFormat;
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
        /** Of this column, over that of the mapping. */
        readonly format?: Omit<ImportFormat, 'delimiter'>;
        readonly onInvalid?: 'rejectRow' | 'rejectField';
      }
    >
  >;
}
