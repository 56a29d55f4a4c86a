// Names and ids: unique, not the engine's own, short enough for PostgreSQL.
import { describe, expect, test } from '@jest/globals';
import type { FieldType } from '../../server/fields/field-type.ts';
import { text } from '../../server/fields/text.ts';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const branches = 'entities/branches.entity.json';
const label = { en: 'Extra', ar: 'إضافي' };
const plural = { en: { one: 'Extra', other: 'Extras' }, ar: { one: 'إضافي', other: 'إضافات' } };
const textField = { id: 'fld_extra', type: 'text', label };
const extraEntity = (name: string, singular: string): Record<string, unknown> => ({
  id: 'ent_extra',
  name,
  singular,
  plural: name,
  label: plural,
  display: { nameFields: ['title'] },
  operations: ['read'],
  fields: { title: { ...textField, id: 'fld_extra_title' } },
});

describe('names', () => {
  test('words of the API are no entities, neither as plural nor as singular', async () => {
    for (const word of [
      'batch',
      'search',
      'events',
      'meta',
      'auth',
      'graphql',
      'query',
      'constructor',
      'files',
      'merges',
      'meta_computed',
    ]) {
      expect(await findingsOf({ 'entities/extra.entity.json': { '': extraEntity(word, 'extra') } })).toEqual([
        ['entities/extra.entity.json /name', `"${word}" is reserved.`],
      ]);
      expect(await findingsOf({ 'entities/extra.entity.json': { '': extraEntity('extras', word) } })).toEqual([
        ['entities/extra.entity.json /singular', `"${word}" is reserved.`],
      ]);
    }
  });

  test('a word names one entity only, platform entities included', async () => {
    expect(await findingsOf({ 'entities/extra.entity.json': { '': extraEntity('extras', 'book') } })).toEqual([
      ['entities/extra.entity.json /singular', '"book" is already the name of the entity "books".'],
    ]);
    expect(await findingsOf({ 'entities/extra.entity.json': { '': extraEntity('users', 'extra') } })).toEqual([
      ['entities/extra.entity.json /name', '"users" is already the name of the entity "users".'],
    ]);
    expect(await findingsOf({ 'entities/extra.entity.json': { '': extraEntity('extras', 'extras') } })).toEqual([
      ['entities/extra.entity.json /singular', '"extras" is already the name of its own plural.'],
    ]);
  });

  test('name and plural are the same word', async () => {
    expect(
      await findingsOf({ 'entities/extra.entity.json': { '': { ...extraEntity('extras', 'extra'), plural: 'others' } } }),
    ).toEqual([
      ['entities/extra.entity.json /plural', 'The name and the plural are the same word; "extras" and "others" differ.'],
    ]);
  });

  test('fields and relations that every entity has cannot be declared', async () => {
    for (const name of ['id', 'version', 'created_at', 'display_name', 'search_text', 'deletion_id', 'external_id']) {
      expect(await findingsOf({ [books]: { [`/fields/${name}`]: textField } })).toEqual([
        [`${books} /fields/${name}`, `"${name}" is a field that every entity has already.`],
      ]);
    }
    expect(await findingsOf({ [books]: { '/fields/creator': textField } })).toEqual([
      [`${books} /fields/creator`, '"creator" is a relation that every entity has already.'],
    ]);
  });

  test('facts that are no fields, and words of JavaScript, are no field names', async () => {
    for (const name of ['previous', 'now', 'today', 'constructor', 'prototype']) {
      expect(await findingsOf({ [books]: { [`/fields/${name}`]: textField } })).toEqual([
        [`${books} /fields/${name}`, `"${name}" is reserved.`],
      ]);
    }
  });

  test('fields, their parts, reference fields and relations share one set of names', async () => {
    expect(await findingsOf({ [books]: { '/fields/branch_id': textField } })).toEqual([
      [`${books} /relations/branch/field`, '"branch_id" is already the name of the field "branch_id".'],
    ]);
    expect(await findingsOf({ [books]: { '/fields/branch': textField } })).toEqual([
      [`${books} /relations/branch`, '"branch" is already the name of the field "branch".'],
    ]);
    expect(await findingsOf({ [books]: { '/fields/replacement_cost_currency': textField } })).toEqual([
      [
        `${books} /fields/replacement_cost_currency`,
        '"replacement_cost_currency" is already the name of a part of the field "replacement_cost".',
      ],
    ]);
    expect(await findingsOf({ [branches]: { '/fields/address_city': textField } })).toEqual([
      [`${branches} /fields/address_city`, '"address_city" is already the name of a column of the field "address".'],
    ]);
  });

  test('tables and columns fit into the 63 characters of PostgreSQL', async () => {
    const long = `e${'x'.repeat(50)}`;
    expect(
      await findingsOf({
        'app.json': { '/prefix': 'abcdefghijklmn_' },
        'entities/extra.entity.json': { '': extraEntity(long, 'extra') },
      }),
    ).toEqual([
      [
        'entities/extra.entity.json /name',
        `The table would be called abcdefghijklmn_${long}, which is longer than 63 characters.`,
      ],
    ]);
    // No part of a built-in type is long enough; a plugin's may be.
    const sealed: FieldType = {
      ...text,
      name: 'sealed',
      columns: () => [{ suffix: '_checksum_of_it', type: 'text', kind: 'text' }],
    };
    const field = `a${'x'.repeat(50)}`;
    expect(await findingsOf({ [books]: { [`/fields/${field}`]: { id: 'fld_extra', type: 'sealed', label } } }, [sealed])).toEqual(
      [[`${books} /fields/${field}`, `The column ${field}_checksum_of_it is longer than 63 characters.`]],
    );
  });

  test('two of a kind do not share a name', async () => {
    expect(await findingsOf({ 'views/loans.overdue.view.json': { '/name': 'books_all' } })).toEqual([
      ['views/loans.overdue.view.json /name', '"books_all" is already the name of "view_books_all".'],
    ]);
    expect(await findingsOf({ 'option-sets/genres.option-set.json': { '/name': 'tag_sources' } })).toContainEqual([
      'option-sets/genres.option-set.json /name',
      '"tag_sources" is already the name of "opt_tag_sources".',
    ]);
  });
});

describe('ids', () => {
  test('an id stands once in the whole metadata', async () => {
    expect(await findingsOf({ [books]: { '/fields/pages/id': 'fld_books_title' } })).toEqual([
      [`${books} /fields/pages/id`, 'The id "fld_books_title" is already that of the field "books.title".'],
    ]);
    expect(await findingsOf({ 'views/books.all.view.json': { '/id': 'rel_books_branch' } })).toEqual([
      [`${books} /relations/branch/id`, 'The id "rel_books_branch" is already that of the view "books_all".'],
    ]);
    expect(await findingsOf({ [books]: { '/indexes/0/id': 'idx_a', '/indexes/1/id': 'idx_a' } })).toEqual([
      [`${books} /indexes/1/id`, 'The id "idx_a" is already that of an index of "books".'],
    ]);
  });

  test('ids of the engine are not for metadata', async () => {
    expect(await findingsOf({ [books]: { '/fields/pages/id': 'sys_pages' } })).toEqual([
      [`${books} /fields/pages/id`, 'Ids that begin with "sys_" belong to the engine.'],
    ]);
  });

  test('a second file with the id of another in the same layer is refused, not laid over it', async () => {
    expect(
      await findingsOf({ 'entities/extra.entity.json': { '': { ...extraEntity('extras', 'extra'), id: 'ent_books' } } }),
    ).toEqual([
      [
        'entities/extra.entity.json /id',
        'The id "ent_books" already stands in test/fixtures/library/entities/books.entity.json.',
      ],
    ]);
  });
});
