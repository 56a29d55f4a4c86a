// The form of an entity: a valid draft-07 schema, labels, what is required, conditions, and the layout.

import { Validator } from '@cfworker/json-schema';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { fieldTypes } from '../../server/fields/index.ts';
import { formOf } from '../../server/forms/form.ts';
import type { FormDocument } from '../../server/forms/form-document.ts';
import { compileRegistry } from '../../server/metadata/compile.ts';
import type { Entity, Registry } from '../../server/metadata/registry.ts';
import type { EntityMetadata, FieldMetadata, LayoutMetadata, LayoutTab, MetadataSource } from '../../server/metadata/types.ts';
import { systemActor } from '../../server/repository/actor.ts';
import { crmRegistry } from '../support/registry.ts';

let registry: Registry;
const entityOf = (name: string, from: Registry = registry): Entity => from.entities.get(name) as Entity;
const form = (name: string, language = 'en'): FormDocument => formOf(registry, entityOf(name), systemActor, language);

/** A registry of one entity, for the shapes that the shipped metadata do not have. */
function registryOf(
  fields: Readonly<Record<string, FieldMetadata>>,
  over: Partial<EntityMetadata> = {},
  tabs?: readonly LayoutTab[],
): Registry {
  const entity: EntityMetadata = {
    id: 'ent_books',
    name: 'books',
    singular: 'book',
    plural: 'books',
    label: { en: { one: 'Book', other: 'Books' } },
    display: { nameFields: Object.keys(fields).slice(0, 1) },
    operations: ['create', 'read', 'update'],
    fields,
    ...over,
  };
  const layouts: LayoutMetadata[] = tabs === undefined ? [] : [{ id: 'l', name: 'l', entity: 'books', type: 'detail', tabs }];
  const app = { ...registry.app, languages: ['en'] };
  const source: MetadataSource = {
    app,
    entities: [entity],
    optionSets: [],
    roles: [],
    layouts,
    views: [],
    dashboards: [],
    workflows: [],
    importMappings: [],
  };
  return compileRegistry(source, fieldTypes);
}
const formWith = (...given: Parameters<typeof registryOf>): FormDocument => {
  const made = registryOf(...given);
  return formOf(made, entityOf('books', made), systemActor, 'en');
};
const field = (type: string, more: Partial<FieldMetadata> = {}): FieldMetadata => ({
  id: `fld_${type}`,
  type,
  label: { en: type },
  ...more,
});

beforeAll(async () => {
  registry = await crmRegistry();
});

describe('the schema of a form', () => {
  test('is valid draft-07 for every entity of the application', () => {
    const ajv = new Ajv({
      strict: false,
      formats: { email: true, date: true, 'date-time': true, uuid: true, uri: true, time: true },
    });
    for (const entity of registry.entities.values()) {
      const { schema } = formOf(registry, entity, systemActor, 'en');
      expect([entity.name, ajv.validateSchema(schema), ajv.errors]).toEqual([entity.name, true, null]);
    }
  });

  test('is valid draft-07 for every field type, with one type a value and never null', () => {
    const types = [...fieldTypes.values()].filter((type) => type.name !== 'id' && type.name !== 'reference');
    const options = [{ value: 'a', label: { en: 'A' } }];
    const fields = Object.fromEntries(
      types.map((type) => [type.name.toLowerCase(), field(type.name, 'options' in type.settings ? { options } : {})]),
    );
    const { schema, uiSchema } = formWith(fields);
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(schema)).toBe(true);
    for (const [name, one] of Object.entries(schema.properties)) {
      expect([name, Array.isArray(one['type'])]).toEqual([name, false]);
      expect([name, typeof uiSchema[name]]).toEqual([name, 'object']);
    }
  });

  test('can be read by the validator that runs in the browser', () => {
    const { schema } = form('contacts');
    const validator = new Validator(schema as object, '7', false);
    expect(validator.validate({ last_name: 'Levi', lifecycle: 'prospect' }).valid).toBe(true);
    expect(validator.validate({ last_name: '', lifecycle: 'prospect' }).valid).toBe(false);
    expect(validator.validate({ last_name: 'Levi', lifecycle: 'no such' }).valid).toBe(false);
  });

  test('makes a required text at least one character long, and a required list at least one item', () => {
    const { schema } = formWith({
      title: field('text', { required: true }),
      code: field('text', { required: true, minLength: 3 }),
      genres: field('multiSelect', { required: true, options: [{ value: 'a', label: { en: 'A' } }] }),
      pages: field('integer', { required: true }),
      note: field('text'),
    });
    expect(schema.required).toEqual(['title', 'code', 'genres', 'pages']);
    expect(schema.properties['title']).toMatchObject({ minLength: 1 });
    expect(schema.properties['code']).toMatchObject({ minLength: 3 });
    expect(schema.properties['genres']).toMatchObject({ minItems: 1, uniqueItems: true });
    expect(schema.properties['note']).not.toHaveProperty('minLength');
  });

  test('labels options and fields in the language asked for, and falls back to one that exists', () => {
    expect(form('contacts', 'ar').schema.properties['last_name']).toMatchObject({ title: 'اسم العائلة' });
    expect(form('contacts', 'fr').schema.properties['last_name']).toMatchObject({ title: 'Last name' });
    expect(form('contacts').schema.properties['lifecycle']).toMatchObject({
      oneOf: expect.arrayContaining([{ const: 'prospect', title: 'Prospect' }]),
      default: 'prospect',
    });
    expect(form('contacts').schema.properties['lifecycle']).not.toHaveProperty('enum');
  });

  test('titles the parts of an address and offers countries', () => {
    const address = form('contacts').schema.properties['mailing_address'] as {
      properties: Record<string, { type: string; title: string; enum?: readonly string[] }>;
    };
    expect(address.properties['city']).toMatchObject({ type: 'string', title: 'City' });
    expect(address.properties['country']?.enum).toContain('DE');
  });

  test('marks read-only fields and gives them no default', () => {
    const { schema, uiSchema } = form('contacts');
    expect(schema.properties['score']).toMatchObject({ readOnly: true });
    expect(schema.properties['score']).not.toHaveProperty('default');
    expect(uiSchema['score']).toMatchObject({ 'ui:readonly': true });
  });

  test('does not insist on an owner, and starts with the caller', () => {
    const { schema } = form('contacts');
    expect(schema.required).not.toContain('owner_id');
    expect(schema.properties['owner_id']).toMatchObject({ default: systemActor.id });
  });

  test('leaves a pattern that browsers cannot read to the server', () => {
    const { schema } = formWith({
      code: field('text', { pattern: '(?i)[a-z]+' }),
      other: field('text', { pattern: '^[a-z]+$' }),
    });
    expect(schema.properties['code']).not.toHaveProperty('pattern');
    expect(schema.properties['other']).toMatchObject({ pattern: '^[a-z]+$' });
  });
});

describe('the uiSchema of a form', () => {
  test('carries conditions as trees', () => {
    const when = { all: [{ fact: 'lifecycle', operator: 'equal', value: 'former' }] };
    expect(form('contacts').uiSchema['churn_reason']).toMatchObject({ 'x-visibleWhen': when, 'x-requiredWhen': when });
    const locked = formWith({ a: field('text', { readOnlyWhen: { fact: 'a', operator: 'isEmpty', value: false } }) });
    expect(locked.uiSchema['a']).toMatchObject({ 'x-readOnlyWhen': { fact: 'a', operator: 'isEmpty', value: false } });
  });

  test('tells lookups where to look, and money where its currency is', () => {
    const { uiSchema } = form('contacts');
    expect(uiSchema['account_id']).toMatchObject({
      'ui:widget': 'lookup',
      'ui:options': { entity: 'accounts', relation: 'account' },
    });
    expect(uiSchema['annual_spend']).toMatchObject({
      'ui:widget': 'money',
      'ui:options': {
        currencyField: 'annual_spend_currency',
        currencies: expect.arrayContaining(['USD']),
        currencyReadOnly: false,
      },
    });
  });

  test('joins the two fields of a reference to any kind', () => {
    const { uiSchema } = form('timeline');
    expect(uiSchema['parent_type']).toMatchObject({ 'ui:widget': 'anyReference', 'ui:options': { idField: 'parent_id' } });
    expect(uiSchema['parent_id']).toMatchObject({ 'ui:widget': 'lookup', 'ui:options': { typeField: 'parent_type' } });
  });

  test('gives help, placeholders and retired options', () => {
    const options = [
      { value: 'new', label: { en: 'New' } },
      { value: 'old', label: { en: 'Old' }, active: false },
    ];
    const { uiSchema } = formWith({
      state: field('select', { options, help: { en: 'How it is' }, placeholder: { en: 'Choose' } }),
      data: field('json'),
      place: field('geolocation'),
    });
    expect(uiSchema['state']).toMatchObject({ 'ui:help': 'How it is', 'ui:placeholder': 'Choose', 'ui:enumDisabled': ['old'] });
    expect(uiSchema['data']).toMatchObject({ 'ui:field': 'json' });
    expect(uiSchema['place']).toMatchObject({ lat: { 'ui:widget': 'degrees' } });
  });
});

describe('the layout of a form', () => {
  const cells = (document: FormDocument): readonly string[] =>
    document.uiSchema['x-layout'].tabs.flatMap((tab) =>
      tab.sections.flatMap(({ rows }) => rows.flat().map((cell) => cell.field)),
    );

  test('follows the layout of the metadata', () => {
    const { tabs } = form('contacts').uiSchema['x-layout'];
    expect(tabs[0]?.sections[0]).toMatchObject({ columns: 2, collapsed: false });
    expect(cells(form('contacts'))).toEqual(expect.arrayContaining(['last_name', 'email', 'account_id']));
    expect(tabs.some((tab) => tab.panel === 'audit')).toBe(true);
    const related = tabs.flatMap((tab) => tab.relatedLists);
    expect(related.length).toBeGreaterThan(0);
    expect(related.every((list) => registry.entities.has(list.entity) && list.limit > 0)).toBe(true);
  });

  test('places each field once, a currency inside its amount, and resolves relation names to their field', () => {
    const tabs: readonly LayoutTab[] = [
      {
        id: 't',
        label: { en: 'T' },
        sections: [
          {
            id: 's',
            label: { en: 'S' },
            columns: 1,
            collapsed: true,
            visibleWhen: { fact: 'title', operator: 'isEmpty', value: false },
            rows: [
              [{ field: 'title', span: 2 }, { field: 'title' }],
              [{ field: 'price' }, { field: 'price_currency' }],
              [{ field: 'parent' }, { field: 'no_such' }],
            ],
          },
        ],
      },
      { id: 'empty', label: { en: 'Empty' }, sections: [] },
    ];
    const relations: EntityMetadata['relations'] = {
      parent: {
        id: 'rel_parent',
        kind: 'belongsTo',
        entity: 'books',
        field: 'parent_id',
        inverse: 'children',
        onDelete: 'detach',
      },
    };
    const document = formWith({ title: field('text'), price: field('money') }, { relations }, tabs);
    expect(cells(document)).toEqual(['title', 'price', 'parent_id']);
    const [tab, ...others] = document.uiSchema['x-layout'].tabs;
    expect(others).toEqual([]);
    expect(tab?.sections[0]).toMatchObject({ columns: 1, collapsed: true, visibleWhen: { fact: 'title' } });
  });

  test('adds what must be filled in and the layout forgot', () => {
    const tabs: readonly LayoutTab[] = [
      { id: 't', label: { en: 'T' }, sections: [{ id: 's', label: { en: 'S' }, rows: [[{ field: 'title' }]] }] },
    ];
    const document = formWith(
      { title: field('text'), isbn: field('text', { required: true }), state: field('text', { required: true, default: 'new' }) },
      {},
      tabs,
    );
    expect(cells(document)).toEqual(['title', 'isbn']);
    expect(document.uiSchema['x-layout'].tabs[0]?.sections[1]?.title).toBe('Further fields');
  });

  test('makes one up where there is none: pairs of fields, wide ones alone, related records', () => {
    const relations: EntityMetadata['relations'] = {
      parent: {
        id: 'rel_parent',
        kind: 'belongsTo',
        entity: 'books',
        field: 'parent_id',
        inverse: 'children',
        onDelete: 'detach',
      },
    };
    const document = formWith(
      { title: field('text'), isbn: field('text'), notes: field('longText'), price: field('money') },
      { relations },
    );
    const [details, related, ...others] = document.uiSchema['x-layout'].tabs;
    expect(details?.sections[0]?.rows).toEqual([
      [
        { field: 'title', span: 1 },
        { field: 'isbn', span: 1 },
      ],
      [{ field: 'notes', span: 2 }],
      [
        { field: 'price', span: 1 },
        { field: 'parent_id', span: 1 },
      ],
    ]);
    expect(related?.relatedLists).toEqual([
      { relation: 'children', title: 'Books', entity: 'books', columns: [], limit: 10, field: 'parent_id' },
    ]);
    // There is no audit log in this registry, so there is no panel for it.
    expect(others).toEqual([]);
  });

  test('shows no panel and no related list that the actor may not read', () => {
    const onlyContacts = {
      ...systemActor,
      access: (entity: string) => (entity === 'contacts' ? ('all' as const) : ('none' as const)),
    };
    const { tabs } = formOf(registry, entityOf('contacts'), onlyContacts, 'en').uiSchema['x-layout'];
    expect(tabs.some((tab) => tab.panel !== undefined)).toBe(false);
    expect(tabs.flatMap((tab) => tab.relatedLists).every((list) => list.entity === 'contacts')).toBe(true);
  });
});
