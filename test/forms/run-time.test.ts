// Fields and relations that are made at run time are on the form at once, below what its layout says.
import { beforeAll, expect, test } from '@jest/globals';
import { formOf } from '../../server/forms/form.ts';
import { applyChanges } from '../../server/metadata/changes/apply-changes.ts';
import type { MetadataChange } from '../../server/metadata/changes/types.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { systemActor } from '../../server/repository/actor.ts';
import { crmRegistry } from '../support/registry.ts';

let crm: Registry;
beforeAll(async () => {
  crm = await crmRegistry();
});

const field: MetadataChange = { op: 'addField', entity: 'contacts', field: { name: 'shoe_size', type: 'integer' } };
const relation: MetadataChange = {
  op: 'addRelation',
  entity: 'contacts',
  relation: { name: 'twin', entity: 'contacts', onDelete: 'detach' },
};

async function fieldsOnForm(...changes: readonly MetadataChange[]): Promise<readonly string[]> {
  const { issues, registry } = changes.length === 0 ? { issues: [], registry: crm } : await applyChanges(crm, changes);
  expect(issues).toEqual([]);
  const contacts = registry.entities.get('contacts');
  if (contacts === undefined) throw new Error('no contacts');
  const { tabs } = formOf(registry, contacts, systemActor, 'en').uiSchema['x-layout'];
  return tabs.flatMap(({ sections }) => sections.flatMap(({ rows }) => rows.flat().map((cell) => cell.field)));
}

test('they stand behind what the shipped layout places', async () => {
  const before = await fieldsOnForm();
  const after = await fieldsOnForm(field, relation);
  expect(after.filter((name) => !before.includes(name))).toEqual(['shoe_size', 'twin_id']);
  expect(after.filter((name) => before.includes(name))).toEqual(before);
});

test('a shipped field that takes another name stays where it was', async () => {
  const before = await fieldsOnForm();
  const after = await fieldsOnForm({ op: 'renameField', entity: 'contacts', name: 'job_title', to: 'position' });
  expect(after).toEqual(before.map((name) => (name === 'job_title' ? 'position' : name)));
});

test('a layout that was made or changed at run time says by itself what is on the form', async () => {
  const layout = crm.layouts.find(({ entity, type }) => entity === 'contacts' && type === 'detail');
  const after = await fieldsOnForm(field, { op: 'setLayout', name: layout?.name ?? '', set: { priority: 7 } });
  expect(after).not.toContain('shoe_size');
});
