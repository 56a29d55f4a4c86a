// The library with one more entity, that has a field of every type which asks more of the engine than a plain value.
import type { Registry } from '../../../server/metadata/registry.ts';
import { changedRegistry } from '../../support/changed-registry.ts';
import { libraryRegistry } from '../../support/registry.ts';

type FieldFile = Readonly<Record<string, unknown>> & { readonly type: string };

const fields: Readonly<Record<string, FieldFile>> = {
  name: { type: 'personName', required: true },
  home: { type: 'address', checkPostalCode: true, requiredParts: ['city'] },
  notes: { type: 'richText', maxLength: 60 },
  dive: { type: 'duration', max: 86400, index: true },
  worth: { type: 'money', scale: 4 },
  rate: { type: 'money', scale: 4, fractions: true },
  scan: { type: 'file', maxSize: 9_000_000 },
  photo: { type: 'image', maxWidth: 300 },
  plain: { type: 'longText' },
};

/** Sees own records only; of files neither the scan nor, unmasked, the photo. */
const visitor = {
  id: 'role_visitor',
  name: 'visitor',
  label: { en: 'Visitor', ar: 'زائر' },
  assignableTo: ['user'],
  system: {},
  entities: {
    specimens: { create: true, read: 'all', update: 'all', fields: { scan: { read: false }, photo: { read: 'masked' } } },
    users: { read: 'all' },
  },
};
/** Sees the records whose dive was short. */
const keeper = {
  ...visitor,
  id: 'role_keeper',
  name: 'keeper',
  entities: {
    specimens: {
      create: true,
      read: 'all',
      update: 'all',
      filter: { fact: 'dive', operator: 'lessThan', value: 60 },
    },
    users: { read: 'all' },
  },
};

/** @param more further fields, or others in the place of these */
export async function specimensRegistry(more: Readonly<Record<string, FieldFile>> = {}): Promise<Registry> {
  const all = Object.entries({ ...fields, ...more }).map(([name, field]) => [
    name,
    { id: `fld_specimens_${name}`, label: { en: name, ar: `ع ${name}` }, ...field },
  ]);
  const content = {
    id: 'ent_specimens',
    name: 'specimens',
    singular: 'specimen',
    plural: 'specimens',
    label: { en: { one: 'Specimen', other: 'Specimens' }, ar: { one: 'عينة', other: 'العينات' } },
    display: { nameFields: ['name'], subtitleFields: ['home.city'] },
    features: { import: true, export: true, customFields: true, timeline: true },
    operations: ['create', 'read', 'update', 'delete', 'restore', 'purge', 'import', 'export'],
    fields: Object.fromEntries(all),
    search: {
      fields: [
        { name: 'name', weight: 'A' },
        { name: 'notes', weight: 'C' },
      ],
    },
  };
  const file = 'test/fixtures/library/entities/specimens.entity.json';
  return changedRegistry(await libraryRegistry(), /^$/, () => undefined, {
    number: 0,
    more: [
      { layer: 'application', kind: 'entities', file, content },
      ...[visitor, keeper].map((role) => ({
        layer: 'application' as const,
        kind: 'roles' as const,
        file: `test/fixtures/library/roles/${role.name}.role.json`,
        content: role,
      })),
    ],
  });
}
