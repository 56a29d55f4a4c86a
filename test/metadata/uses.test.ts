// What names a field: display, indexes, search, rules, conditions, layouts, views, dashboards, workflows, imports, roles.
import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const members = 'entities/members.entity.json';
const layout = 'layouts/books.detail.layout.json';
const view = 'views/books.all.view.json';
const dashboard = 'dashboards/lending.dashboard.json';
const workflow = 'workflows/loan_urgency.workflow.json';
const mapping = 'imports/catalogue.import.json';
const role = 'roles/librarian.role.json';

/** One change, one finding at its place. */
const refused = async (file: string, pointer: string, value: unknown, message: string, place = pointer): Promise<void> =>
  expect(await findingsOf({ [file]: { [pointer]: value } })).toEqual([[`${file} ${place}`, message]]);
const notAn = (value: string, options: string): string => `"${value}" is not an option; choose one of ${options}.`;
const noTitel = 'books has no field "titel". Did you mean "title"?';

describe('entities name their own fields', () => {
  test('for display, without secrets', async () => {
    await refused(books, '/display/nameFields/0', 'titel', noTitel);
    await refused(books, '/display/subtitleFields/0', 'titel', noTitel);
    await refused(members, '/display/nameFields/0', 'pin', '"pin" is secret and never shown.');
    await refused(
      'entities/branches.entity.json',
      '/display/subtitleFields/0',
      'address.citi',
      'branches has no field "address.citi". Did you mean "city"?',
    );
  });

  test('to leave them out of the audit', () => refused(books, '/audit', { exclude: ['titel'] }, noTitel, '/audit/exclude/0'));

  test('in indexes, without secrets, sets, JSON and fields of several parts', async () => {
    await refused(books, '/indexes/1/fields/1', 'titel', noTitel);
    await refused(books, '/indexes/1/fields/1', 'genres', 'A field of type multiSelect cannot be a part of an index.');
    await refused(members, '/indexes/0/fields/0', 'pin', '"pin" is secret and not searched for.');
    const place = 'entities/branches.entity.json';
    const [[at, message] = ['', '']] = await findingsOf({ [place]: { '/indexes/0/fields/0': 'address' } });
    expect(at).toBe(`${place} /indexes/0/fields/0`);
    expect(message).toMatch(/^"address" has several parts: name one, such as address\.\w+\.$/);
    await refused(
      books,
      '/indexes/1/fields',
      ['status', '-created_at'],
      'The same index already stands at /indexes/0.',
      '/indexes/1',
    );
  });

  test('in search, each once', async () => {
    await refused(books, '/search/fields/0/name', 'titel', noTitel);
    await refused(books, '/search/fields/0/name', 'details', 'A field of type json cannot be searched.');
    await refused(books, '/search/fields/1/name', 'title', '"title" stands twice.');
  });

  test('in duplicate rules and validation rules, whose names stand once', async () => {
    await refused(books, '/duplicateRules/0/match/0/field', 'titel', noTitel);
    await refused(
      members,
      '/validationRules/0/field',
      'gardian_id',
      'members has no field "gardian_id". Did you mean "guardian_id"?',
    );
    const rule = { name: 'same_title_and_format', action: 'warn', match: [{ field: 'isbn', method: 'exact' }] };
    await refused(
      books,
      '/duplicateRules/1',
      rule,
      '"same_title_and_format" is already the name of a rule.',
      '/duplicateRules/1/name',
    );
  });
});

describe('conditions', () => {
  test('facts, operators and operands fit each other', async () => {
    await refused(books, '/fields/lost_on/visibleWhen/fact', 'statos', 'There is no fact "statos". Did you mean "status"?');
    const [[place, message] = ['', '']] = await findingsOf({ [books]: { '/fields/lost_on/visibleWhen/operator': 'equals' } });
    expect(place).toBe(`${books} /fields/lost_on/visibleWhen/operator`);
    expect(message).toMatch(/^"status" takes the operators equal, .*Did you mean "equal"\?$/);
    const [[at] = ['']] = await findingsOf({ [books]: { '/fields/lost_on/visibleWhen/value': 'vanished' } });
    expect(at).toBe(`${books} /fields/lost_on/visibleWhen/value`);
  });

  test('are checked in rules, views, dashboards, layouts and workflows', async () => {
    const wrong = { fact: 'colour', operator: 'equal', value: 'red' };
    const places = [
      [members, '/validationRules/0/errorWhen'],
      [view, '/filter'],
      [dashboard, '/widgets/0/filter'],
      [layout, '/tabs/0/sections/1/visibleWhen'],
      [workflow, '/trigger/when'],
      [workflow, '/rules/0/conditions'],
      [workflow, '/steps/1/when'],
    ] as const;
    for (const [file, pointer] of places) {
      expect((await findingsOf({ [file]: { [pointer]: wrong } })).map(([place]) => place)).toEqual([`${file} ${pointer}/fact`]);
    }
  });

  test('follow relations and their inverses', async () => {
    expect(
      await findingsOf({ [view]: { '/filter': { fact: 'branch.address.city', operator: 'equal', value: 'Köln' } } }),
    ).toEqual([]);
    const late = { some: { relation: 'loans', where: { fact: 'status', operator: 'equal', value: 'overdue' } } };
    expect(await findingsOf({ [view]: { '/filter': late } })).toEqual([]);
    await refused(
      view,
      '/filter',
      { some: { relation: 'lones' } },
      'There is no to-many relation "lones". Did you mean "loans"?',
      '/filter/some/relation',
    );
  });

  test('of workflows and rules know what a field was before; steps know the variables of the rules', async () => {
    expect(
      await findingsOf({
        [workflow]: {
          '/trigger/when': { fact: 'previous.status', operator: 'equal', value: 'out' },
          '/steps/1/when': { fact: 'score.total', operator: 'greaterThan', value: 50 },
        },
      }),
    ).toEqual([]);
    const before = { fact: 'previous.status', operator: 'equal', value: 'lost' };
    expect((await findingsOf({ [view]: { '/filter': before } })).map(([place]) => place)).toEqual([`${view} /filter/fact`]);
  });

  test('none is null where a layer takes one away', async () => {
    expect(await findingsOf({ [books]: { '/fields/lost_on/visibleWhen': null } })).toEqual([]);
  });
});

describe('screens', () => {
  test('a layout shows fields, relations and roles that exist', async () => {
    await refused(layout, '/entity', 'boks', 'There is no entity "boks". Did you mean "books"?');
    await refused(layout, '/tabs/0/sections/0/rows/0/0/field', 'titel', noTitel);
    await refused(layout, '/tabs/0/sections/0/rows/0/0/field', 'search_text', 'books has no field "search_text".');
    await refused(layout, '/tabs/1/relatedLists/0/relation', 'branch', 'books has no to-many relation "branch".');
    await refused(layout, '/tabs/1/relatedLists/0/columns/0', 'nummer', 'loans has no field "nummer". Did you mean "number"?');
    await refused(layout, '/tabs/1/relatedLists/0/sort/0', '-due', 'loans has no field "due".');
    await refused(
      layout,
      '/appliesTo',
      { roles: ['libarian'] },
      'There is no role "libarian". Did you mean "librarian"?',
      '/appliesTo/roles/0',
    );
  });

  test('a layout has tabs that show something, cells that fit and ids that stand once', async () => {
    await refused(
      layout,
      '/tabs/2/panel',
      undefined,
      'The tab shows nothing: give it "sections", "relatedLists" or a "panel".',
      '/tabs/2',
    );
    await refused(layout, '/tabs/0/sections/0/rows/0/0/span', 3, 'The section has 2 columns only.');
    await refused(layout, '/tabs/1/id', 'overview', '"overview" stands twice.');
    await refused(layout, '/tabs/0/sections/1/id', 'work', '"work" stands twice.');
  });

  test('a view shows and sorts by fields that exist; one is the default', async () => {
    await refused(view, '/entity', 'boks', 'There is no entity "boks". Did you mean "books"?');
    await refused(view, '/columns/0', 'titel', noTitel);
    await refused(view, '/sort/0', '-titel', noTitel);
    await refused(view, '/sort/0', 'genres', 'A field of type multiSelect cannot be sorted by.');
    expect(
      await findingsOf({
        'views/loans.overdue.view.json': {
          '/entity': 'books',
          '/columns': ['title'],
          '/sort': [],
          '/filter': undefined,
          '/default': true,
        },
      }),
    ).toEqual([['views/loans.overdue.view.json /default', 'books has a default view already.']]);
  });

  test('a board has columns of a choice, a calendar stands on dates, and neither takes what the other is made of', async () => {
    const loans = 'views/loans.overdue.view.json';
    const shaped = (changes: Readonly<Record<string, unknown>>) => findingsOf({ [loans]: changes });
    expect(await shaped({ '/type': 'board', '/groupBy': 'status', '/sum': 'renewals' })).toEqual([]);
    expect(await shaped({ '/type': 'calendar', '/startField': 'lent_at', '/endField': 'due_on' })).toEqual([]);
    expect(await shaped({ '/type': 'board' })).toEqual([[`${loans} /type`, 'A board needs "groupBy".']]);
    expect(await shaped({ '/type': 'board', '/groupBy': 'due_on', '/sum': 'status' })).toEqual([
      [`${loans} /groupBy`, '"groupBy" names a single choice.'],
      [`${loans} /sum`, '"sum" names a number or an amount.'],
    ]);
    expect(await shaped({ '/type': 'calendar', '/startField': 'du_on', '/groupBy': 'status' })).toEqual([
      [`${loans} /groupBy`, 'A calendar has no "groupBy".'],
      [`${loans} /startField`, 'loans has no field "du_on". Did you mean "due_on"?'],
    ]);
  });

  test('a dashboard measures numbers and groups by fields, periods by dates', async () => {
    await refused(dashboard, '/widgets/0/entity', 'lones', 'There is no entity "lones". Did you mean "loans"?');
    await refused(dashboard, '/widgets/0/measure', { function: 'sum' }, '"sum" needs a "field".');
    await refused(
      dashboard,
      '/widgets/0/measure',
      { function: 'sum', field: 'number' },
      '"number" is text; this takes integer or decimal.',
      '/widgets/0/measure/field',
    );
    await refused(dashboard, '/widgets/0/groupBy/0', 'state', 'loans has no field "state". Did you mean "status"?');
    await refused(dashboard, '/widgets/1/groupBy/0', 'month(status)', '"status" is text; this takes date or dateTime.');
    await refused(dashboard, '/widgets/1/id', 'by_status', '"by_status" stands twice.');
  });
});

describe('workflows, imports, roles, application', () => {
  test('a workflow watches fields that exist and can be seen; names and ids stand once', async () => {
    await refused(workflow, '/entity', 'lones', 'There is no entity "lones". Did you mean "loans"?');
    await refused(workflow, '/trigger/watchFields/0', 'statos', 'loans has no field "statos". Did you mean "status"?');
    expect(
      await findingsOf({
        [workflow]: {
          '/entity': 'members',
          '/trigger': { type: 'record.saved', watchFields: ['pin'] },
          '/rules': [],
          '/steps/1/when': undefined,
        },
      }),
    ).toEqual([
      ...['urgency', 'urgency_reasons'].map((name) => [`${workflow} /steps/0/set/${name}`, `members has no field "${name}".`]),
      [`${workflow} /trigger/watchFields/0`, 'members has no field "pin". A secret is not watched.'],
    ]);
    await refused(workflow, '/rules/1/name', 'is_overdue', '"is_overdue" is already the name of a rule.');
    await refused(workflow, '/steps/1/id', 'save_urgency', '"save_urgency" is already the id of a step.');
  });

  test('an import fills fields that take input and matches on what is unique', async () => {
    await refused(mapping, '/entity', 'boks', 'There is no entity "boks". Did you mean "books"?');
    await refused(mapping, '/upsertOn', 'title', '"title" is not unique.');
    await refused(mapping, '/upsertOn', 'external_id', '"external_id" is not among the fields of the mapping.');
    await refused(mapping, '/fields/titel', { column: 'Title' }, noTitel);
    await refused(mapping, '/fields/created_at', { column: 'Added' }, '"created_at" is set by the engine alone.');
    await refused(mapping, '/fields/status', {}, 'Give a "column" or a "value".');
    await refused(mapping, '/fields/status', { column: 'S', value: 'lent' }, 'Give a "column" or a "value", not both.');
    await refused(mapping, '/fields/status/value', 'gone', notAn('gone', 'available, lent, repair, lost'));
    await refused(mapping, '/fields/format/map/HC', 'hardback', notAn('hardback', 'hardcover, paperback, audio, large_print'));
    await refused(mapping, '/fields/isbn/match', 'name', '"isbn" is not a reference, so there is nothing to match by.');
    await refused(mapping, '/fields/branch_id/match', 'nme', 'branches has no field "nme". Did you mean "name"?');
  });

  test('an import needs the feature on its entity', async () => {
    expect(await findingsOf({ [books]: { '/features/import': false } })).toEqual([
      [`${mapping} /entity`, 'The features of books do not name "import".'],
    ]);
  });

  test('a role grants entities and extends roles that exist, not itself', async () => {
    await refused(role, '/entities/boks', { read: 'all' }, 'There is no entity "boks". Did you mean "books"?');
    await refused(role, '/extends', ['amin'], 'There is no role "amin". Did you mean "admin"?', '/extends/0');
    await refused(role, '/extends', ['librarian'], '"librarian" extends itself.');
  });

  test('the application leads to entities that exist, once, in a currency and a country that exist', async () => {
    await refused('app.json', '/navigation/0/items/0', 'lones', 'There is no entity "lones". Did you mean "loans"?');
    await refused('app.json', '/navigation/1/items/0', 'loans', '"loans" stands twice in the navigation.');
    await refused('app.json', '/baseCurrency', 'EUX', '"EUX" is not an ISO 4217 currency.');
    await refused('app.json', '/defaultRegion', 'XQ', '"XQ" is not an ISO 3166-1 country.');
    expect(await findingsOf({ 'app.json': { '/languages': ['en', 'ar', 'pt-br'] } })).toContainEqual([
      'app.json /languages/2',
      '"pt-br" is not a language tag (BCP 47).',
    ]);
  });
});
