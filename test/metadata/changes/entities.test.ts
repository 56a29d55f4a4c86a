// Entities made and changed at run time: usable from next to nothing, renamed everywhere, retired only when nothing needs them.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { rightsOf } from '../../../server/auth/rights.ts';
import { currentName, entityNamed } from '../../../server/metadata/aliases.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { libraryRegistry } from '../../support/registry.ts';
import { customOf, entityOf, made, now, refused } from './support.ts';

let library: Registry;
beforeAll(async () => {
  library = await libraryRegistry();
});

const visits = { op: 'addEntity', entity: { singular: 'visit', plural: 'visits', fields: [{ name: 'title', type: 'text' }] } };

describe('a new entity', () => {
  test('from as little as two names and a field: labels, display, operations, search', async () => {
    const { registry, touched } = await made(library, visits);
    const { meta, layer, fields } = entityOf(registry, 'visits');
    const words = { one: 'Visit', other: 'Visits' };
    expect(meta.label).toEqual({ en: words, ar: words });
    expect(meta.display).toEqual({ nameFields: ['title'] });
    expect(meta.operations).toEqual(
      expect.arrayContaining(['create', 'read', 'update', 'delete', 'restore', 'import', 'export']),
    );
    expect(meta.search?.fields).toEqual([{ name: 'title', weight: 'A' }]);
    expect([layer, fields.get('title')?.meta.label]).toEqual(['custom', { en: 'Title', ar: 'Title' }]);
    expect(touched).toEqual([{ kind: 'entity', name: 'visits', action: 'added' }]);
  });

  test('belongs to those who may do everything, and to nobody else', async () => {
    const { registry } = await made(library, visits);
    const may = (role: string) =>
      (['create', 'read', 'update', 'delete'] as const).map((what) => rightsOf(registry, [role]).access('visits', what));
    expect(may('admin')).toEqual(['all', 'all', 'all', 'all']);
    expect(may('librarian')).toEqual(['none', 'none', 'none', 'none']);
  });

  test('without any field has a name', async () => {
    const { registry } = await made(library, { op: 'addEntity', entity: { singular: 'visit', plural: 'visits' } });
    const { fields, meta } = entityOf(registry, 'visits');
    expect([fields.get('name')?.required, meta.display.nameFields]).toEqual([true, ['name']]);
  });

  test('with a layout and a list that it brings along', async () => {
    const layout = { tabs: [{ id: 'main', sections: [{ id: 'one', rows: [[{ field: 'title' }]] }] }] };
    const { registry } = await made(library, { ...visits, layout, view: { columns: ['title'] } });
    expect(registry.layouts.find(({ entity }) => entity === 'visits')).toMatchObject({ name: 'visits_detail', type: 'detail' });
    expect(registry.views.find(({ entity }) => entity === 'visits')).toMatchObject({ name: 'visits_all', default: true });
  });

  test('gets the same ids from the same request, and keeps those that it is given', async () => {
    const [first, second] = [await made(library, visits), await made(library, visits)];
    expect(first.documents).toEqual(second.documents);
    const given = {
      ...visits,
      entity: { ...visits.entity, id: 'ent_mine', fields: { title: { id: 'fld_mine', type: 'text' } } },
    };
    const [document] = customOf(await made(library, given));
    expect(document).toMatchObject({
      file: 'custom/entities/ent_mine',
      content: { id: 'ent_mine', fields: { title: { id: 'fld_mine' } } },
    });
    expect((await refused(library, { ...visits, entity: { ...visits.entity, id: 'ent_books' } }))[0]).toMatch(
      /^\/changes\/0\/entity\/id /,
    );
  });

  test('may refer to one that comes further on', async () => {
    const relations = [{ name: 'guide', entity: 'guides' }];
    const guides = { op: 'addEntity', entity: { singular: 'guide', plural: 'guides' } };
    const { registry } = await made(library, { ...visits, entity: { ...visits.entity, relations } }, guides);
    expect(entityOf(registry, 'visits').fields.get('guide_id')?.relation).toBe('guide');
  });

  test('points to the member of a list or a map that is wrong', async () => {
    const listed = {
      ...visits,
      entity: {
        ...visits.entity,
        fields: [
          { name: 'a', type: 'text' },
          { name: 'b', type: 'txt' },
        ],
      },
    };
    expect((await refused(library, listed))[0]).toMatch(/^\/changes\/0\/entity\/fields\/1\/type /);
    const twice = {
      ...visits,
      entity: {
        ...visits.entity,
        fields: [
          { name: 'a', type: 'text' },
          { name: 'a', type: 'text' },
        ],
      },
    };
    expect((await refused(library, twice))[0]).toMatch(/^\/changes\/0\/entity\/fields\/1\/name /);
    const mapped = { ...visits, entity: { ...visits.entity, fields: { id: { type: 'text' } } } };
    expect((await refused(library, mapped))[0]).toMatch(/^\/changes\/0\/entity\/fields\/id /);
    const unknown = { ...visits, entity: { ...visits.entity, colour: 'red' } };
    expect((await refused(library, unknown))[0]).toMatch(/^\/changes\/0\/entity\/colour /);
  });
});

describe('a changed entity', () => {
  test('is a patch over what the files say', async () => {
    const set = { icon: 'books', features: { tags: null, comments: true }, audit: { off: true } };
    const result = await made(library, { op: 'changeEntity', entity: 'books', set });
    expect(customOf(result)).toEqual([
      {
        layer: 'custom',
        kind: 'entities',
        file: 'custom/entities/ent_books',
        content: { id: 'ent_books', icon: 'books', features: { tags: null, comments: true }, audit: { off: true } },
      },
    ]);
    const back = await made(result.registry, {
      op: 'changeEntity',
      entity: 'books',
      set: { icon: 'book', features: { tags: true, comments: null }, audit: null },
    });
    expect(customOf(back)).toEqual([]);
    expect(back.registry.version).toBe(library.version);
  });
});

describe('a renamed entity', () => {
  test('is named so everywhere, known by its former name for thirty days, and told by both names', async () => {
    const { registry, data, names, touched } = await made(library, {
      op: 'renameEntity',
      entity: 'books',
      to: 'volumes',
      singular: 'volume',
    });
    expect([registry.entities.has('books'), entityOf(registry, 'volumes').singular]).toEqual([false, 'volume']);
    expect(registry.roles.get('librarian')?.entities).toHaveProperty('volumes');
    expect(registry.app.navigation.flatMap(({ items }) => items)).toContain('volumes');
    expect(entityOf(registry, 'volumes').meta.formerNames?.[0]).toEqual({ name: 'books', until: '2030-05-31T12:00:00.000Z' });
    expect(data).toEqual([{ kind: 'renameEntityValue', from: 'books', to: 'volumes' }]);
    expect(names.entityNames).toEqual({ books: ['volumes', 'volume'] });
    expect(touched).toEqual([{ kind: 'entity', name: 'books', action: 'renamed' }]);
  });

  test('renamed back it is what it was, former names aside', async () => {
    const away = await made(library, { op: 'renameEntity', entity: 'books', to: 'volumes' });
    const back = await made(away.registry, { op: 'renameEntity', entity: 'volumes', to: 'books' });
    expect(entityOf(back.registry, 'books').meta.formerNames?.map(({ name }) => name)).toEqual(['volumes']);
    expect(entityNamed(back.registry, 'volumes')?.name).toBe('books');
    const gone = await made(library, { op: 'renameEntity', entity: 'books', to: 'volumes', aliasDays: 0 });
    const clean = await made(gone.registry, { op: 'renameEntity', entity: 'volumes', to: 'books', aliasDays: 0 });
    expect([...clean.registry.entities.keys()]).toEqual([...library.entities.keys()]);
    expect(currentName(clean.registry.aliases, 'volumes', now.getTime())).toBe('volumes');
  });

  test('two change places in one request', async () => {
    const { registry, data } = await made(
      library,
      { op: 'renameEntity', entity: 'books', to: 'authors', singular: 'author' },
      { op: 'renameEntity', entity: 'authors', to: 'books', singular: 'book' },
    );
    expect([entityOf(registry, 'authors').id, entityOf(registry, 'books').id]).toEqual(['ent_books', 'ent_authors']);
    expect(data).toHaveLength(2);
  });

  test('its former name goes to whoever is called so next', async () => {
    const away = await made(library, { op: 'renameEntity', entity: 'books', to: 'volumes', singular: 'volume' });
    const next = await made(away.registry, { op: 'addEntity', entity: { singular: 'book', plural: 'books' } });
    expect(entityOf(next.registry, 'volumes').meta.formerNames).toBeUndefined();
  });

  test('is found by its former name in the changes that follow', async () => {
    const away = await made(library, { op: 'renameEntity', entity: 'books', to: 'volumes' });
    const { registry } = await made(away.registry, { op: 'addField', entity: 'books', field: { name: 'shelf', type: 'text' } });
    expect(entityOf(registry, 'volumes').fields.has('shelf')).toBe(true);
  });
});

describe('a retired entity', () => {
  test('stays while others refer to it, and each of them is told', async () => {
    const told = await refused(library, { op: 'retireEntity', entity: 'books' });
    expect(told.length).toBeGreaterThan(5);
    expect(told.every((one) => one.startsWith('/changes/0 '))).toBe(true);
    expect(told.join('\n')).toMatch(/entity loans, \/relations\/book\/entity, would be left naming the entity books/);
  });

  test('goes with what is about it when that is said, and only the word is kept of a shipped one', async () => {
    const result = await made(library, { op: 'retireEntity', entity: 'loans', cascade: true });
    expect(customOf(result).find(({ content }) => content['id'] === 'ent_loans')?.content).toEqual({
      id: 'ent_loans',
      retired: true,
    });
    expect(result.registry.workflows).toEqual([]);
    expect(result.registry.roles.get('librarian')?.entities).not.toHaveProperty('loans');
    expect(result.touched).toEqual([{ kind: 'entity', name: 'loans', action: 'retired' }]);
  });

  test('made at run time it leaves nothing behind', async () => {
    const there = await made(library, visits);
    const gone = await made(there.registry, { op: 'retireEntity', entity: 'visits' });
    expect([customOf(gone), gone.registry.version]).toEqual([[], library.version]);
  });

  test('two that need each other go in any order', async () => {
    const guides = { op: 'addEntity', entity: { singular: 'guide', plural: 'guides' } };
    const there = await made(library, guides, {
      ...visits,
      entity: { ...visits.entity, relations: [{ name: 'guide', entity: 'guides' }] },
    });
    const { registry } = await made(
      there.registry,
      { op: 'retireEntity', entity: 'guides' },
      { op: 'retireEntity', entity: 'visits' },
    );
    expect(registry.version).toBe(library.version);
  });
});
