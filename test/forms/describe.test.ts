// The metadata document: what an actor may see of the registry.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeRegistry } from '../../server/forms/describe.ts';
import type { MetaDocument } from '../../server/forms/meta-document.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { type Actor, systemActor } from '../../server/repository/actor.ts';
import { granted } from '../support/granted.ts';
import { crmRegistry } from '../support/registry.ts';

let registry: Registry;
let all: MetaDocument;

beforeAll(async () => {
  registry = await crmRegistry();
  all = describeRegistry(registry, { ...systemActor, name: 'Root', roles: ['admin'] });
});

const reader = (...readable: readonly string[]): Actor => ({
  ...systemActor,
  ...granted((entity, right) => (right === 'read' && readable.includes(entity) ? 'own' : 'none')),
});

describe('the metadata document', () => {
  test('names the application, its navigation and the user', () => {
    expect(all.version).toBe(registry.version);
    expect(all.app.basePath).toBe('/crm/v1');
    expect(all.user).toMatchObject({ display_name: 'Root', roles: ['admin'] });
    expect(all.app.navigation.flatMap((group) => group.items)).toContain('contacts');
  });

  test('describes every field with its type, label and operators', () => {
    const email = all.entities['contacts']?.fields['email'];
    expect(email).toMatchObject({
      type: 'email',
      widget: 'email',
      kind: 'text',
      label: { en: 'Email' },
      unique: true,
      sortable: true,
    });
    expect(email?.operators).toContain('icontains');
  });

  test('resolves option sets into options', () => {
    const values = all.entities['contacts']?.fields['lifecycle']?.options?.map((option) => option.value);
    expect(values).toContain('prospect');
    expect(all.entities['contacts']?.fields['lifecycle']).not.toHaveProperty('optionSet');
  });

  test('lets conditions travel with their field', () => {
    expect(all.entities['contacts']?.fields['churn_reason']?.visibleWhen).toEqual({
      all: [{ fact: 'lifecycle', operator: 'equal', value: 'former' }],
    });
  });

  test('names the currency field of an amount and the parts of an address', () => {
    const fields = all.entities['contacts']?.fields ?? {};
    expect(fields['annual_spend']?.currencyField).toBe('annual_spend_currency');
    expect(fields['mailing_address']?.parts?.['city']?.operators).toContain('eq');
    expect(fields['mailing_address']?.sortable).toBe(false);
  });

  test('offers no operators on secrets and shows no hidden field', () => {
    const fields = all.entities['users']?.fields ?? {};
    const secret = Object.values(fields).find((field) => field.type === 'secret');
    expect(secret).toMatchObject({ secret: true, operators: [], sortable: false });
    expect(fields).not.toHaveProperty('search_text');
  });

  test('describes relations of every kind', () => {
    const relations = all.entities['contacts']?.relations ?? {};
    expect(relations['account']).toMatchObject({ kind: 'belongsTo', target: 'accounts', field: 'account_id' });
    expect(relations['direct_reports']).toMatchObject({ kind: 'hasMany', target: 'contacts', field: 'reports_to_id' });
    expect(relations['opportunities']).toMatchObject({ kind: 'manyToMany', target: 'opportunities' });
    expect(relations['timeline']).toMatchObject({ kind: 'hasManyAny', typeField: 'parent_type', idField: 'parent_id' });
    expect(all.entities['timeline']?.relations['parent']).toMatchObject({ kind: 'belongsToAny', typeField: 'parent_type' });
  });

  test('leaves out what the actor may not read, everywhere', () => {
    const seen = describeRegistry(registry, reader('contacts'));
    expect(Object.keys(seen.entities)).toEqual(['contacts']);
    expect(seen.entities['contacts']?.operations).toEqual(['read']);
    expect(seen.app.navigation.flatMap((group) => group.items)).toEqual(['contacts']);
    expect(seen.views.every((view) => view.entity === 'contacts')).toBe(true);
    expect(seen.entities['contacts']?.relations).not.toHaveProperty('opportunities');
    // What it leads to does not exist for this reader; the id stays, as any value of the record.
    expect(seen.entities['contacts']?.relations).not.toHaveProperty('account');
    expect(seen.entities['contacts']?.fields).toHaveProperty('account_id');
  });

  test('gives the layouts of the actor’s roles only', () => {
    const layout = { id: 'l', name: 'l', entity: 'contacts', type: 'detail' as const, tabs: [] };
    const given = {
      ...registry,
      layouts: [
        { ...layout, appliesTo: { roles: ['support'] } },
        { ...layout, name: 'for_all' },
      ],
    };
    expect(describeRegistry(given, systemActor).layouts.map(({ name }) => name)).toEqual(['for_all']);
    expect(describeRegistry(given, { ...systemActor, roles: ['support'] }).layouts).toHaveLength(2);
  });
});
