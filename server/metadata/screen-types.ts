// The shapes of the metadata files of screens: layouts, views, dashboards.
import type { Condition } from '../conditions/tree.ts';
import type { Label } from '../fields/field-type.ts';

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
  /** A board has a column an option of `groupBy`; a calendar shows records at `startField`; `columns` are what a card tells. */
  readonly type: 'list' | 'board' | 'calendar';
  readonly columns: readonly string[];
  /** Of a board: a select field. */
  readonly groupBy?: string;
  /** Of a board: a number or an amount that the head of a column adds up. */
  readonly sum?: string;
  /** Of a calendar: date or time fields. */
  readonly startField?: string;
  readonly endField?: string;
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
