// What every widget and template of a record form may ask for, through rjsf's formContext.
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';

export type FormValues = Readonly<Record<string, unknown>>;

export interface RecordFormContext {
  readonly entity: MetaEntity;
  /** The record as it was read; null for one that is being made. */
  readonly record: ApiRecord | null;
  readonly values: FormValues;
  /** Sets another field than the widget's own: money sets its currency. */
  readonly setValue: (name: string, value: unknown) => void;
  /** Names of the fields that their conditions hide now. */
  readonly hidden: ReadonlySet<string>;
  /** Ids of the sections that their conditions hide now. */
  readonly hiddenSections: ReadonlySet<string>;
  readonly readOnly: ReadonlySet<string>;
}
