// Relations: targets, inverses, link entities, what a delete may do.
import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const loans = 'entities/loans.entity.json';
const authors = 'entities/authors.entity.json';

describe('relations', () => {
  test('the target must exist', async () => {
    expect(await findingsOf({ [books]: { '/relations/branch/entity': 'branchs' } })).toContainEqual([
      `${books} /relations/branch/entity`,
      'There is no entity "branchs". Did you mean "branches"?',
    ]);
    const any = {
      id: 'rel_loans_about',
      kind: 'belongsToAny',
      label: { en: 'About', ar: 'عن' },
      entities: ['books', 'boks'],
      typeField: 'about_type',
      idField: 'about_id',
      onDelete: 'cascade',
    };
    expect(await findingsOf({ [loans]: { '/relations/about': any } })).toEqual([
      [`${loans} /relations/about/entities/1`, 'There is no entity "boks". Did you mean "books"?'],
    ]);
  });

  test('a mistake in the target is not told again wherever the relation is used', async () => {
    const found = await findingsOf({ [loans]: { '/relations/member/entity': 'membres' } });
    expect(found).toEqual([[`${loans} /relations/member/entity`, 'There is no entity "membres". Did you mean "members"?']]);
  });

  test('targets are named one way only', async () => {
    const any = {
      id: 'rel_loans_about',
      kind: 'belongsToAny',
      label: { en: 'About', ar: 'عن' },
      entities: ['books'],
      via: 'tags',
      typeField: 'about_type',
      idField: 'about_id',
      onDelete: 'cascade',
    };
    expect(await findingsOf({ [loans]: { '/relations/about': any } })).toEqual([
      [`${loans} /relations/about/via`, 'The targets are named by "entities" or by "via", not by both.'],
    ]);
  });

  test('an inverse meets no field, no relation, no other inverse and no name of the engine', async () => {
    expect(await findingsOf({ [books]: { '/relations/branch/inverse': 'phone' } })).toEqual([
      [`${books} /relations/branch/inverse`, 'branches already has a field or relation called "phone".'],
    ]);
    expect(await findingsOf({ [loans]: { '/relations/branch/inverse': 'members' } })).toEqual([
      [
        expect.stringMatching(/inverse$/),
        expect.stringMatching(/^branches already gets "members" from (loans\.branch|members\.home_branch)\.$/),
      ],
    ]);
    expect(await findingsOf({ [loans]: { '/relations/branch/inverse': 'creator' } })).toEqual([
      [`${loans} /relations/branch/inverse`, '"creator" is taken on every entity.'],
    ]);
  });

  test('an inverse meets no field that a relation brings or another field implies', async () => {
    const note = {
      id: 'rel_loans_note',
      kind: 'belongsTo',
      label: { en: 'Note', ar: 'ملاحظة' },
      entity: 'books',
      field: 'note_id',
      onDelete: 'detach',
    };
    for (const name of ['branch_id', 'replacement_cost_currency']) {
      expect(await findingsOf({ [loans]: { '/relations/note': { ...note, inverse: name } } })).toEqual([
        [`${loans} /relations/note/inverse`, `books already has a field or relation called "${name}".`],
      ]);
    }
  });

  test('a label of an inverse needs the inverse', async () => {
    expect(await findingsOf({ [loans]: { '/relations/branch/inverse': undefined } })).toEqual([
      [`${loans} /relations/branch/inverseLabel`, 'There is no "inverse" that this could be the label of.'],
    ]);
  });

  test('a required relation cannot be let go', async () => {
    expect(await findingsOf({ [loans]: { '/relations/book/onDelete': 'detach' } })).toEqual([
      [`${loans} /relations/book/onDelete`, 'A required relation cannot be let go: choose restrict or cascade.'],
    ]);
  });

  test('a link leads from here to the target', async () => {
    expect(await findingsOf({ [authors]: { '/relations/books/through': 'book_author' } })).toEqual([
      [`${authors} /relations/books/through`, 'There is no entity "book_author". Did you mean "book_authors"?'],
    ]);
    expect(await findingsOf({ [authors]: { '/relations/books/from': 'writer' } })).toEqual([
      [
        `${authors} /relations/books/from`,
        '"writer" must be a belongsTo relation of book_authors to authors; it has no such relation.',
      ],
    ]);
    expect(await findingsOf({ [authors]: { '/relations/books/to': 'author' } })).toEqual([
      [
        `${authors} /relations/books/to`,
        '"author" must be a belongsTo relation of book_authors to books; it has one that points elsewhere.',
      ],
    ]);
  });

  test('entities do not need each other in a circle', async () => {
    expect(
      await findingsOf({
        'entities/members.entity.json': { '/relations/guardian/required': true, '/relations/guardian/onDelete': 'restrict' },
      }),
    ).toEqual([
      ['entities/members.entity.json /relations/guardian/required', 'No record could ever be made: members needs members.'],
    ]);
    const head = {
      id: 'rel_branches_flagship',
      kind: 'belongsTo',
      label: { en: 'Flagship', ar: 'الأبرز' },
      entity: 'books',
      field: 'flagship_id',
      required: true,
      onDelete: 'restrict',
    };
    expect(await findingsOf({ 'entities/branches.entity.json': { '/relations': { flagship: head } } })).toEqual([
      [
        expect.stringMatching(/required$/),
        expect.stringMatching(
          /^No record could ever be made: (branches needs books needs branches|books needs branches needs books)\.$/,
        ),
      ],
    ]);
  });

  test('the owner is the reference to a user', async () => {
    expect(await findingsOf({ [loans]: { '/ownership/owner': 'librarian' } })).toEqual([
      [`${loans} /ownership/owner`, '"librarian" is not the reference field of a belongsTo relation.'],
    ]);
    expect(await findingsOf({ [loans]: { '/ownership/owner': 'member_id' } })).toEqual([
      [`${loans} /ownership/owner`, 'The owner must be one of users; "member_id" points to members.'],
    ]);
  });
});
