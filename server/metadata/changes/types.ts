// What may be asked of the metadata at run time, and what becomes of it: the operations, the next documents, the findings.
import type { Issue } from '../../problem.ts';
import type { DataChange } from '../data-change.ts';
import type { MetadataDocument, Transition } from '../document.ts';
import type { JsonObject } from '../pointer.ts';
import type { Registry } from '../registry.ts';
import type { Label, Option } from '../types.ts';
import type { Touched } from '../uses/impact.ts';

/** A plain text is the one of the application's first language. */
export type Text = string | Label;
/** A merge-patch: what is null goes, objects are merged, lists and conditions replaced. */
export type Patch = JsonObject;

export interface GivenOption extends Omit<Option, 'label'> {
  readonly label?: Text;
}
export interface GivenField {
  readonly name: string;
  readonly type: string;
  readonly label?: Text;
  /** Kept when nothing else has it, so that metadata from another installation stay the same things. */
  readonly id?: string;
  readonly [setting: string]: unknown;
}
export interface GivenRelation {
  readonly name: string;
  readonly kind?: 'belongsTo' | 'belongsToAny' | 'manyToMany';
  readonly [setting: string]: unknown;
}
export interface GivenEntity {
  /** Plural; `plural` is the same word. */
  readonly name?: string;
  readonly plural?: string;
  readonly singular: string;
  readonly fields?: readonly GivenField[] | Readonly<Record<string, Omit<GivenField, 'name'>>>;
  readonly relations?: readonly GivenRelation[] | Readonly<Record<string, Omit<GivenRelation, 'name'>>>;
  readonly [setting: string]: unknown;
}

interface OnEntity {
  /** Plural name. */
  readonly entity: string;
}
interface OnMember extends OnEntity {
  readonly name: string;
}
interface Renaming {
  readonly to: string;
  /** How long the former name is understood; 30 when not given, 0 for not at all. */
  readonly aliasDays?: number;
}
interface Retiring {
  /** true: what uses it goes with it, as far as it can. */
  readonly cascade?: boolean;
}

export type EntityChange =
  | { readonly op: 'addEntity'; readonly entity: GivenEntity; readonly layout?: JsonObject; readonly view?: JsonObject }
  | ({ readonly op: 'changeEntity'; readonly set: Patch } & OnEntity)
  | ({ readonly op: 'renameEntity'; readonly singular?: string; readonly label?: unknown } & OnEntity & Renaming)
  | ({ readonly op: 'retireEntity' } & OnEntity & Retiring);

export type FieldChange =
  | ({ readonly op: 'addField'; readonly field: GivenField } & OnEntity)
  | ({ readonly op: 'changeField'; readonly set: Patch; readonly unconvertible?: 'refuse' | 'empty' } & OnMember)
  | ({ readonly op: 'renameField' } & OnMember & Renaming)
  | ({ readonly op: 'retireField' } & OnMember & Retiring);

export type RelationChange =
  | ({ readonly op: 'addRelation'; readonly relation: GivenRelation } & OnEntity)
  | ({ readonly op: 'changeRelation'; readonly set: Patch } & OnMember)
  /** The reference fields and the inverse are renamed only when named here; `x_id` of a relation `x` goes along by itself. */
  | ({
      readonly op: 'renameRelation';
      readonly field?: string;
      readonly typeField?: string;
      readonly idField?: string;
      readonly inverse?: string;
    } & OnMember &
      Renaming)
  | ({ readonly op: 'retireRelation' } & OnMember & Retiring);

interface Options {
  /** All of them, in their order. */
  readonly options: readonly GivenOption[];
  /** What records get for an option that goes: another one, or null for none. */
  readonly replace?: Readonly<Record<string, string | null>>;
}

export type OptionChange =
  | ({ readonly op: 'setOptions'; readonly field: string } & OnEntity & Options & Retiring)
  | ({ readonly op: 'setOptions'; readonly optionSet: string } & Options & Retiring)
  | {
      readonly op: 'setOptionSet';
      readonly optionSet: { readonly name: string; readonly options: readonly GivenOption[]; readonly [key: string]: unknown };
      readonly replace?: Options['replace'];
      readonly cascade?: boolean;
    }
  | ({ readonly op: 'retireOptionSet'; readonly name: string } & Retiring);

export type RuleChange =
  | ({
      readonly op: 'addIndex';
      readonly index: { readonly fields: readonly string[]; readonly unique?: boolean; readonly id?: string };
    } & OnEntity)
  | ({ readonly op: 'retireIndex'; readonly id?: string; readonly fields?: readonly string[] } & OnEntity)
  /** A rule of the same name is replaced. */
  | ({ readonly op: 'setValidationRule' | 'setDuplicateRule'; readonly rule: JsonObject } & OnEntity)
  | ({ readonly op: 'retireValidationRule' | 'retireDuplicateRule' } & OnMember);

/** `set…` takes the whole object, found by id or else by name; or a `name` and a merge-patch `set`. */
export type ObjectChange =
  | { readonly op: 'setLayout'; readonly layout: JsonObject }
  | { readonly op: 'setView'; readonly view: JsonObject }
  | { readonly op: 'setDashboard'; readonly dashboard: JsonObject }
  | { readonly op: 'setWorkflow'; readonly workflow: JsonObject }
  | { readonly op: 'setRole'; readonly role: JsonObject }
  | { readonly op: 'setImportMapping'; readonly importMapping: JsonObject }
  | {
      readonly op: 'setLayout' | 'setView' | 'setDashboard' | 'setWorkflow' | 'setRole' | 'setImportMapping';
      readonly name: string;
      readonly set: Patch;
    }
  /** By name or by id. */
  | ({
      readonly op: 'retireLayout' | 'retireView' | 'retireDashboard' | 'retireWorkflow' | 'retireRole' | 'retireImportMapping';
      readonly name: string;
    } & Retiring);

export type MetadataChange = EntityChange | FieldChange | RelationChange | OptionChange | RuleChange | ObjectChange;

export interface ChangeOptions {
  /** When former names begin to run out; now when not given. */
  readonly now?: Date;
}

export interface ChangeResult {
  /** Pointers such as `/changes/0/field/name`. With any of them nothing else in the result is more than it was. */
  readonly issues: readonly Issue[];
  /** Of all layers, those of the custom layer as they will be. */
  readonly documents: readonly MetadataDocument[];
  readonly data: readonly DataChange[];
  /** The coming names, for the registry that serves until the tables have them. */
  readonly names: Pick<Transition, 'entityNames' | 'memberNames'>;
  readonly touched: readonly Touched[];
  /** Columns whose values may be lost where they do not convert. */
  readonly emptyUnconvertible: ReadonlySet<string>;
  /** Built from the documents. */
  readonly registry: Registry;
}
