// Fields and relations made and changed at run time, on shipped entities: as small a customisation as can be, and reversible.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { currentMember, currentName } from '../../../server/metadata/aliases.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { crmRegistry, libraryRegistry } from '../../support/registry.ts';
import { customOf, entityOf, fieldOf, made, now, refused } from './support.ts';

let library: Registry;
beforeAll(async () => {
  library = await libraryRegistry();
});

const entity = 'books';
const shelf = { op: 'addField', entity, field: { id: 'fld_shelf', name: 'shelf', type: 'text', label: 'Shelf', maxLength: 20 } };

describe('a field', () => {
  test('added to a shipped entity is all that the customisation says', async () => {
    const result = await made(library, shelf);
    expect(customOf(result)).toEqual([
      {
        layer: 'custom',
        kind: 'entities',
        file: 'custom/entities/ent_books',
        content: { id: 'ent_books', fields: { shelf: { id: 'fld_shelf', type: 'text', label: { en: 'Shelf' }, maxLength: 20 } } },
      },
    ]);
    expect(result.touched).toEqual([{ kind: 'field', entity, name: 'shelf', action: 'added' }]);
    expect(result.registry.number).toBe(library.number);
  });

  test('retired and added under its id is what it was', async () => {
    const retired = await made(library, { op: 'retireField', entity, name: 'summary', cascade: true });
    expect(customOf(retired).find(({ kind }) => kind === 'entities')?.content).toEqual({
      id: 'ent_books',
      fields: { summary: null },
    });
    const field = { name: 'summary', ...fieldOf(library, entity, 'summary').meta };
    const back = await made(retired.registry, { op: 'addField', entity, field });
    expect(customOf(back).filter(({ kind }) => kind === 'entities')).toEqual([]);
    const elsewhere = { op: 'addField', entity: 'loans', field };
    expect((await refused(retired.registry, elsewhere))[0]).toMatch(/^\/changes\/0\/field\/id /);
  });

  test('made at run time and retired leaves nothing behind', async () => {
    const there = await made(library, shelf);
    const gone = await made(there.registry, { op: 'retireField', entity, name: 'shelf' });
    expect(gone.documents).toEqual(library.documents);
  });

  test('changed of a shipped one says only the change; null takes away', async () => {
    const result = await made(library, {
      op: 'changeField',
      entity,
      name: 'isbn',
      set: { required: true, pattern: null, help: { ar: null } },
    });
    expect(customOf(result)[0]?.content).toEqual({
      id: 'ent_books',
      fields: { isbn: { required: true, pattern: null, help: { ar: null } } },
    });
    expect(result.touched).toEqual([{ kind: 'field', entity, name: 'isbn', action: 'changed' }]);
  });

  test('of another type drops the settings that the new type does not take, and says which columns may lose values', async () => {
    const set = { type: 'integer' };
    const { registry, emptyUnconvertible } = await made(library, {
      op: 'changeField',
      entity,
      name: 'isbn',
      set,
      unconvertible: 'empty',
    });
    expect(fieldOf(registry, entity, 'isbn').meta).toEqual({
      id: 'fld_books_isbn',
      type: 'integer',
      label: expect.anything(),
      unique: true,
      help: expect.anything(),
    });
    expect([...emptyUnconvertible]).toEqual(['fld_books_isbn']);
    const money = await made(library, {
      op: 'changeField',
      entity,
      name: 'replacement_cost',
      set: { required: true },
      unconvertible: 'empty',
    });
    expect([...money.emptyUnconvertible]).toEqual(['fld_books_replacement_cost', 'fld_books_replacement_cost_currency']);
  });

  test('renamed is named so everywhere, known by the former name, and told by both', async () => {
    const { registry, names, touched, data } = await made(library, {
      op: 'renameField',
      entity,
      name: 'title',
      to: 'heading',
      aliasDays: 10,
    });
    expect(registry.views.find(({ name }) => name === 'books_all')?.columns[0]).toBe('heading');
    expect(fieldOf(registry, entity, 'heading').meta.formerNames).toEqual([{ name: 'title', until: '2030-05-11T12:00:00.000Z' }]);
    expect([...entityOf(registry, entity).fields.keys()][1]).toBe('heading');
    expect(names.memberNames).toEqual({ books: { title: ['heading'] } });
    expect([touched, data]).toEqual([[{ kind: 'field', entity, name: 'title', action: 'renamed' }], []]);
  });

  test('renamed back it is what it was', async () => {
    const away = await made(library, { op: 'renameField', entity, name: 'title', to: 'heading', aliasDays: 0 });
    const back = await made(away.registry, { op: 'renameField', entity, name: 'heading', to: 'title', aliasDays: 0 });
    const { fields, aliases } = entityOf(back.registry, entity);
    expect([...fields.keys()]).toEqual([...entityOf(library, entity).fields.keys()]);
    expect(currentName(aliases, 'heading', now.getTime())).toBe('heading');
    const known = await made(library, { op: 'renameField', entity, name: 'title', to: 'heading' });
    const again = await made(known.registry, { op: 'renameField', entity, name: 'title', to: 'title' });
    expect([...entityOf(again.registry, entity).aliases.keys()]).toEqual(['heading']);
  });

  test('two change places, three go round', async () => {
    const rename = (name: string, to: string) => ({ op: 'renameField', entity, name, to });
    const swapped = await made(library, rename('title', 'isbn'), rename('isbn', 'title'));
    expect([fieldOf(swapped.registry, entity, 'isbn').meta.id, fieldOf(swapped.registry, entity, 'title').meta.id]).toEqual([
      'fld_books_title',
      'fld_books_isbn',
    ]);
    expect(fieldOf(swapped.registry, entity, 'title').meta.formerNames).toBeUndefined();
    const round = await made(library, rename('title', 'isbn'), rename('isbn', 'summary'), rename('summary', 'title'));
    expect(fieldOf(round.registry, entity, 'title').meta.id).toBe('fld_books_summary');
    const by = await made(library, rename('title', 'aside'), rename('isbn', 'title'), rename('aside', 'isbn'));
    expect(fieldOf(by.registry, entity, 'isbn').meta.id).toBe('fld_books_title');
    expect((await refused(library, rename('title', 'isbn'), rename('summary', 'isbn')))[0]).toMatch(/^\/changes\/0\/to /);
  });

  test('a former name is given up to a new field', async () => {
    const { registry } = await made(
      library,
      { op: 'renameField', entity, name: 'title', to: 'heading' },
      { op: 'addField', entity, field: { name: 'title', type: 'text' } },
    );
    expect(fieldOf(registry, entity, 'heading').meta.formerNames).toBeUndefined();
    expect(currentMember(entityOf(registry, entity), 'title')).toBe('title');
  });

  test('that is used is not retired before somebody says what becomes of the uses', async () => {
    const told = await refused(library, { op: 'retireField', entity, name: 'isbn' });
    expect(told.join('\n')).toMatch(
      /The view books_all, \/columns\/1, goes with the field books.isbn. With "cascade": true it goes along./,
    );
    const broken = await refused(library, { op: 'retireField', entity, name: 'status', cascade: true });
    expect(broken.join('\n')).toMatch(/would be left naming the field books.status. Change it first./);
    const { registry } = await made(library, { op: 'retireField', entity, name: 'weight', cascade: true });
    expect(JSON.stringify(registry.layouts)).not.toContain('"weight"');
  });

  test('changes see the names that those before them left', async () => {
    const { registry } = await made(
      library,
      { op: 'renameEntity', entity, to: 'volumes', singular: 'volume' },
      { op: 'renameField', entity: 'volumes', name: 'title', to: 'heading' },
      { op: 'changeField', entity: 'volumes', name: 'heading', set: { maxLength: 200 } },
      { op: 'setView', name: 'books_all', set: { columns: ['heading'] } },
    );
    expect(fieldOf(registry, 'volumes', 'heading').meta.maxLength).toBe(200);
  });

  test('what is only missing because another change failed is not told', async () => {
    const told = await refused(library, { ...shelf, entity: 'boks' }, { op: 'renameField', entity, name: 'shelf', to: 'rack' });
    expect(told).toHaveLength(1);
  });

  test('a finding far away is told at the change that brought it', async () => {
    const told = await refused(
      library,
      shelf,
      { op: 'addRelation', entity: 'members', relation: { name: 'likes', entity, inverse: 'fans' } },
      { op: 'addField', entity, field: { name: 'fans', type: 'text' } },
    );
    expect(told).toEqual([expect.stringMatching(/^\/changes\/1\/relation\/inverse /)]);
    const later = await refused(library, shelf, { op: 'addField', entity, field: { name: 'loans', type: 'text' } });
    expect(later.every((one) => one.startsWith('/changes/1'))).toBe(true);
  });
});

describe('a relation', () => {
  test('has its field, its label and what a deletion does from its name', async () => {
    const { registry } = await made(library, { op: 'addRelation', entity, relation: { name: 'translator', entity: 'authors' } });
    expect(entityOf(registry, entity).meta.relations?.['translator']).toMatchObject({
      kind: 'belongsTo',
      field: 'translator_id',
      onDelete: 'detach',
      label: { en: 'Translator', ar: 'Translator' },
    });
  });

  test('renamed takes its reference field along, and the other side when that is said', async () => {
    const change = { op: 'renameRelation', entity, name: 'branch', to: 'site', inverse: 'volumes' };
    const { registry, touched, names } = await made(library, change);
    expect(fieldOf(registry, entity, 'site_id').relation).toBe('site');
    expect(entityOf(registry, 'branches').relations.has('volumes')).toBe(true);
    expect(registry.views.find(({ name }) => name === 'books_all')?.columns).toContain('site_id');
    expect(names.memberNames).toEqual({ books: { branch_id: ['site_id'], branch: ['site'] }, branches: { books: ['volumes'] } });
    expect(touched).toEqual([
      { kind: 'relation', entity, name: 'branch', action: 'renamed' },
      { kind: 'field', entity, name: 'branch_id', action: 'renamed' },
      { kind: 'relation', entity: 'branches', name: 'books', action: 'renamed' },
    ]);
    expect(currentMember(entityOf(registry, entity), 'branch_id')).toBe('site_id');
  });

  test('keeps its target and its kind', async () => {
    expect((await refused(library, { op: 'changeRelation', entity, name: 'branch', set: { entity: 'authors' } }))[0]).toMatch(
      /^\/changes\/0\/set\/entity /,
    );
    expect((await refused(library, { op: 'changeRelation', entity: 'branches', name: 'books', set: { label: 'x' } }))[0]).toMatch(
      /other side of books.branch/,
    );
  });

  test('changed over what the files say', async () => {
    const result = await made(library, {
      op: 'changeRelation',
      entity,
      name: 'branch',
      set: { required: false, onDelete: 'detach' },
    });
    expect(customOf(result)[0]?.content).toEqual({
      id: 'ent_books',
      relations: { branch: { required: false, onDelete: 'detach' } },
    });
  });

  test('retired takes its field and the other side along', async () => {
    const { registry } = await made(library, { op: 'retireRelation', entity: 'loans', name: 'branch' });
    expect(entityOf(registry, 'loans').fields.has('branch_id')).toBe(false);
    expect(entityOf(registry, 'branches').relations.has('loans')).toBe(false);
  });
});

describe('the shipped application', () => {
  test('many renames in one request are worked out in bearable time', async () => {
    const crm = await crmRegistry();
    const [name] = [...crm.entities.values()].filter(({ layer }) => layer === 'application').map((one) => one.name);
    const fields = Array.from({ length: 40 }, (_one, at) => ({
      op: 'addField',
      entity: name,
      field: { name: `extra_${at}`, type: 'text' },
    }));
    const renames = Array.from({ length: 40 }, (_one, at) => ({
      op: 'renameField',
      entity: name,
      name: `extra_${at}`,
      to: `other_${at}`,
    }));
    const started = performance.now();
    await made(crm, ...fields, ...renames);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
