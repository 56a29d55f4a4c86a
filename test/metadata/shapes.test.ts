// Shapes: what the JSON Schemas refuse, as sentences with the place.
import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const refused = async (file: string, pointer: string, value: unknown, message: string, place = pointer): Promise<void> =>
  expect(await findingsOf({ [file]: { [pointer]: value } })).toEqual([[`${file} ${place}`, message]]);

describe('shapes', () => {
  test('the library as it is has no finding', async () => {
    expect(await findingsOf({})).toEqual([]);
  });

  test('an unknown key is refused with the one that may be meant', () =>
    refused(books, '/operatons', ['read'], '"operatons" is not known here. Did you mean "operations"?'));

  test('an unknown setting of a field is refused, each type having its own', async () => {
    await refused(books, '/fields/title/maxLenght', 5, '"maxLenght" is not known here. Did you mean "maxLength"?');
    await refused(books, '/fields/pages/maxLength', 5, '"maxLength" is not known here.');
    await refused(books, '/fields/title/scale', 2, '"scale" is not known here.');
  });

  test('an unknown type is refused with the one that may be meant', async () => {
    const [[place, message] = ['', '']] = await findingsOf({ [books]: { '/fields/title/type': 'txt' } });
    expect(place).toBe(`${books} /fields/title/type`);
    expect(message).toMatch(/^"txt" is not one of text, .* Did you mean "text"\?$/);
  });

  test('a field cannot be declared as reference or id', async () => {
    for (const type of ['reference', 'id']) {
      const [[place, message] = ['', '']] = await findingsOf({
        [books]: { '/fields/extra': { id: 'fld_x', type, label: { en: 'X', ar: 'س' } } },
      });
      expect(place).toBe(`${books} /fields/extra/type`);
      expect(message).toMatch(new RegExp(`^"${type}" is not one of `));
    }
  });

  test('a missing key is named at the object that lacks it', () =>
    refused(books, '/fields/title/label', undefined, '"label" is missing.', '/fields/title'));

  test('a value of the wrong type is told from the right one', async () => {
    await refused(books, '/fields/title/required', 'yes', 'Expected true or false.');
    await refused(books, '/fields/title', 'text', 'Expected an object.');
    await refused(books, '/operations', 'read', 'Expected a list.');
    await refused(books, '/icon', 5, 'Expected a text.');
  });

  test('names that are no names are refused, look-alike letters and words of JavaScript included', async () => {
    const rule = 'A name: small letters a–z, digits and underscores, beginning with a letter, at most 51 characters.';
    const field = { id: 'fld_x', type: 'text', label: { en: 'X', ar: 'س' } };
    await refused(books, '/fields/Extra', field, `"Extra" does not fit. ${rule}`);
    await refused(books, '/fields/1st', field, `"1st" does not fit. ${rule}`);
    await refused(books, '/fields/__proto__', field, `"__proto__" does not fit. ${rule}`);
    await refused(
      books,
      '/fields/n\u0430me',
      field,
      `"n\u0430me" does not fit: it contains "\u0430" (U+0430), which is not an ASCII character. ${rule}`,
    );
    await refused(books, `/fields/${'a'.repeat(52)}`, field, `"${'a'.repeat(52)}" does not fit. ${rule}`);
  });

  test('prefix, schema and base path of an application have their forms', async () => {
    await refused(
      'app.json',
      '/prefix',
      'lib',
      '"lib" does not fit. Stands before every table name: a letter, letters or digits, one underscore at the end; at most 16 characters.',
    );
    await refused(
      'app.json',
      '/schema',
      'public',
      '"public" does not fit. The PostgreSQL schema of the application alone: not public, not one of the database itself.',
    );
    await refused(
      'app.json',
      '/schema',
      'pg_temp',
      '"pg_temp" does not fit. The PostgreSQL schema of the application alone: not public, not one of the database itself.',
    );
    await refused(
      'app.json',
      '/basePath',
      '/library/',
      '"/library/" does not fit. A path such as /shop/v1: small letters, digits and hyphens, no slash at the end.',
    );
  });

  test('lists and numbers keep their limits', async () => {
    await refused(books, '/operations', [], 'The list is empty.');
    await refused(books, '/operations', ['read', 'read'], 'Items 0 and 1 of the list are the same.');
    await refused(books, '/fields/rating/max', 11, 'The number is more than 10.');
    await refused(books, '/fields/rating/max', 1, 'The number is less than 2.');
    await refused(books, '/api', { maxPageSize: 0 }, 'The number is less than 1.', '/api/maxPageSize');
    await refused(books, '/label', {}, 'The object is empty.');
    await refused(books, '/fields/title/label/en', '', 'The text is empty.');
    await refused(books, '/fields/title/label/en', 'x'.repeat(1001), 'The text has more than 1000 characters.');
  });

  test('a relation has the settings of its kind and no other', async () => {
    await refused(books, '/relations/branch/through', 'loans', '"through" is not known here.');
    await refused(books, '/relations/branch/onDelete', 'ignore', '"ignore" is not one of restrict, cascade, detach.');
    await refused('entities/authors.entity.json', '/relations/books/field', 'book_id', '"field" is not known here.');
  });

  test('everything is told at once, and one mistake is told once', async () => {
    const found = await findingsOf({
      'app.json': { '/prefix': 'lib', '/navigation/0/items/0': 'lones' },
      [books]: { '/fields/title/maxLenght': 5, '/fields/isbn': 3 },
      'layouts/books.detail.layout.json': { '/tabs/0/sections/0/rows/1/1/field': 'tongue' },
      'roles/librarian.role.json': { '/entities/boks': { read: 'all' } },
    });
    expect(found.map(([place]) => place)).toEqual([
      'app.json /navigation/0/items/0',
      'app.json /prefix',
      `${books} /fields/isbn`,
      `${books} /fields/title/maxLenght`,
      'layouts/books.detail.layout.json /tabs/0/sections/0/rows/1/1/field',
      'roles/librarian.role.json /entities/boks',
    ]);
  });
});
