// The records that mirror metadata: one of `custom_fields` for every field made at run time, one of `workflows` for every workflow in force.
import type { JsonObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import { runTimeOf } from '../metadata/run-time.ts';
import type { FieldMetadata, WorkflowMetadata } from '../metadata/types.ts';

export const customFields = 'custom_fields';
export const workflows = 'workflows';

export interface MirrorRow {
  /** The id in the metadata; the record keeps it through every rename. */
  readonly metadataId: string;
  /** By field name, API values. */
  readonly values: JsonObject;
  /** Of no two live records the same. */
  readonly key: string;
}

/** What the live records of each mirroring entity must be. */
export const mirrorOf = (registry: Registry): Readonly<Record<string, readonly MirrorRow[]>> => ({
  [customFields]: customFieldRows(registry),
  [workflows]: registry.workflows.map(workflowRow),
});

function customFieldRows(registry: Registry): readonly MirrorRow[] {
  const made = runTimeOf(registry).members;
  return [...registry.entities.values()].flatMap((entity) =>
    Object.entries(entity.meta.fields)
      .filter(([, field]) => made.has(field.id))
      .map(([name, field]) => customFieldRow(entity.name, name, field)),
  );
}

/** Properties of a field that have a column of their own in the record, or are not for people to set. */
const ownColumns = new Set(['id', 'type', 'label', 'required', 'unique', 'formerNames']);

function customFieldRow(entity: string, name: string, field: FieldMetadata): MirrorRow {
  const settings = Object.fromEntries(Object.entries(field).filter(([key]) => !ownColumns.has(key)));
  return {
    metadataId: field.id,
    key: `${entity} ${name}`,
    values: {
      entity,
      name,
      type: field.type,
      label: field.label,
      required: field.required ?? false,
      unique: field.unique ?? false,
      settings: Object.keys(settings).length === 0 ? null : settings,
      active: true,
    },
  };
}

function workflowRow(workflow: WorkflowMetadata): MirrorRow {
  const { id, name, label, entity, status, ...definition } = workflow;
  return { metadataId: id, key: name, values: { name, label, entity, status, definition } };
}

/** The key of a stored record, as in `MirrorRow`. */
export const keyOf = (entity: string, record: JsonObject): string =>
  entity === customFields ? `${String(record['entity'])} ${String(record['name'])}` : String(record['name']);
