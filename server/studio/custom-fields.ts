// Records of custom_fields are fields made at run time: what is written to one is a change of the metadata.
import { isObject, type JsonObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { RecordDelegate } from '../repository/delegates.ts';
import type { CurrentRow } from '../repository/read.ts';
import { carry, type DelegateServices, invalid, metadataIdOf, mirrored, type Pointing, readOnly } from './delegate.ts';
import { customFields } from './mirror-rows.ts';

export function customFieldDelegate(services: DelegateServices): RecordDelegate {
  return {
    create: async (context, input) => {
      const { entity, field } = fieldIn(input);
      const outcome = await carry(services, context, [{ op: 'addField', entity, field }], pointingInto(input));
      const id = idOf(services.registry.current(), entity, field['name']);
      return mirrored(services, customFields, id, outcome, true);
    },
    update: async (context, current, patch) => {
      const changes = changesIn(current, patch);
      if (changes.length === 0) return unchanged(current);
      const outcome = await carry(services, context, changes, pointingInto(patch));
      return mirrored(services, customFields, metadataIdOf(current), outcome, false);
    },
    remove: async (context, current) => {
      const outcome = await carry(services, context, [{ op: 'retireField', ...placeOf(current) }], toWhole);
      return mirrored(services, customFields, metadataIdOf(current), outcome, false);
    },
    restore: async (context, current) => {
      const { entity } = placeOf(current);
      const outcome = await carry(services, context, [{ op: 'addField', entity, field: fieldOf(current) }], toWhole);
      return mirrored(services, customFields, metadataIdOf(current), outcome, false);
    },
  };
}

const unchanged = ({ id, version }: CurrentRow) => ({ id, version, created: false, changed: false });
const toWhole: Pointing = () => '';

/** The field as a file would write it: what the record holds under `settings` stands beside the common properties. */
function fieldIn(input: JsonObject): { readonly entity: unknown; readonly field: JsonObject } {
  refuseOthers(input);
  if (input['active'] === false)
    throw invalid(readOnly('active', 'A new field is active; it is deleted to be taken out of use.'));
  const { entity, settings, active: _active, ...own } = input;
  if (settings !== undefined && settings !== null && !isObject(settings))
    throw invalid({ pointer: '/settings', code: 'type', detail: 'A JSON object is needed.' });
  return { entity, field: { ...withoutNothing({ ...settings }), ...withoutNothing(own) } };
}

/** What is null is not set. */
const withoutNothing = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));

const kept = [
  'id',
  'metadata_id',
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'formerNames',
];

function refuseOthers(input: JsonObject): void {
  const issues: Issue[] = kept
    .filter((name) => Object.hasOwn(input, name))
    .map((name) => readOnly(name, `"${name}" cannot be set.`));
  if (issues.length > 0) throw invalid(...issues);
}

const placeOf = ({ record }: CurrentRow) => ({ entity: String(record['entity']), name: String(record['name']) });

/** The field that the record stood for, under its own id, so that its values come back with it. */
function fieldOf(current: CurrentRow): JsonObject {
  const { name, type, label, required, unique, settings } = current.record;
  return {
    id: metadataIdOf(current),
    name,
    type,
    label,
    ...(required === true ? { required } : {}),
    ...(unique === true ? { unique } : {}),
    ...(isObject(settings) ? settings : {}),
  };
}

/** A merge-patch as operations: properties first, then the name, at last whether the field goes. */
function changesIn(current: CurrentRow, patch: JsonObject): readonly object[] {
  refuseOthers(patch);
  const place = placeOf(current);
  const { entity, name, active, settings, ...own } = patch;
  if (entity !== undefined && entity !== place.entity) throw invalid(readOnly('entity', 'A field stays on its entity.'));
  if (settings !== undefined && settings !== null && !isObject(settings))
    throw invalid({ pointer: '/settings', code: 'type', detail: 'A JSON object is needed.' });
  const cleared = settings === null && isObject(current.record['settings']) ? nothingOf(current.record['settings']) : {};
  const set = { ...cleared, ...(isObject(settings) ? settings : {}), ...own };
  const renamed = name !== undefined && name !== place.name;
  return [
    ...(Object.keys(set).length > 0 ? [{ op: 'changeField', ...place, set }] : []),
    ...(renamed ? [{ op: 'renameField', ...place, to: name }] : []),
    ...(active === false ? [{ op: 'retireField', ...place, ...(renamed ? { name } : {}) }] : []),
  ];
}

const nothingOf = (value: JsonObject): JsonObject => Object.fromEntries(Object.keys(value).map((key) => [key, null]));

/** `/changes/0/field/options/0/value` → `/options/0/value`, or `/settings/options/0/value` where that was written. */
function pointingInto(body: JsonObject): Pointing {
  const settings = isObject(body['settings']) ? body['settings'] : {};
  return (pointer) => {
    const [, , , member = '', ...rest] = pointer.split('/');
    const path =
      member === 'field' || member === 'set' ? rest : member === 'to' ? ['name'] : member === '' ? [] : [member, ...rest];
    const [first] = path;
    if (first === undefined) return '';
    const below = !Object.hasOwn(body, first) && Object.hasOwn(settings, first) ? ['settings', ...path] : path;
    return `/${below.join('/')}`;
  };
}

/** The id that the field got in the metadata. */
function idOf(registry: Registry, entity: unknown, name: unknown): string | undefined {
  if (typeof entity !== 'string' || typeof name !== 'string') return undefined;
  return registry.entities.get(entity)?.fields.get(name)?.meta.id;
}
