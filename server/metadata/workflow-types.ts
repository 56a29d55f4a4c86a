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
