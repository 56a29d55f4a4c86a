// Bad changes: each is told with a pointer to what is wrong, none is a throw.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyChanges } from '../../../server/metadata/changes/apply-changes.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { readings, text } from '../../studio/support/changes.ts';
import { libraryRegistry } from '../../support/registry.ts';

let library: Registry;
beforeAll(async () => {
  library = await libraryRegistry();
});

const field = (over: object) => ({
  op: 'addField',
  entity: 'books',
  field: { name: 'shelf', type: 'text', label: text('Shelf'), ...over },
});
const on = (op: string, more: object) => ({ op, entity: 'books', ...more });
const entity = (over: object) => ({ ...readings, entity: { ...readings.entity, ...over } });
const relation = (from: string, over: object) => ({
  op: 'addRelation',
  entity: from,
  relation: { kind: 'belongsTo', label: text('To'), required: true, onDelete: 'restrict', ...over },
});
const options = (count: number) =>
  Array.from({ length: count }, (_one, index) => ({ value: `v${index}`, label: { en: 'v', ar: 'v' } }));
const view = (over: object) => ({
  op: 'setView',
  view: { name: 'books_short', label: 'Short', entity: 'books', columns: ['title'], ...over },
});

const bad: readonly (readonly [what: string, changes: unknown, pointer: string])[] = [
  ['SQL in the name of a field', [field({ name: 'x"; DROP TABLE library.lib_books; --' })], '/changes/0/field/name'],
  ['SQL in the name of an entity', [entity({ plural: 'a; drop', name: 'a; drop' })], '/changes/0/entity/plural'],
  ['__proto__ as a name', [field({ name: '__proto__' })], '/changes/0/field/name'],
  ['constructor as a name', [field({ name: 'constructor' })], '/changes/0/field/name'],
  ['constructor as an entity', [entity({ plural: 'constructor', name: 'constructor' })], '/changes/0/entity/plural'],
  ['a name over the length', [field({ name: `a${'b'.repeat(51)}` })], '/changes/0/field/name'],
  ['a reserved word as an entity', [entity({ plural: 'search', name: 'search' })], '/changes/0/entity/plural'],
  ['a reserved word as a singular', [entity({ singular: 'meta' })], '/changes/0/entity/singular'],
  ['a name that is no plural too', [entity({ name: 'others' })], '/changes/0/entity/plural'],
  ['an entity that is there already', [entity({ plural: 'books', name: 'books' })], '/changes/0/entity/plural'],
  [
    'an entity under name alone that is reserved',
    [{ op: 'addEntity', entity: { name: 'search', singular: 'find' } }],
    '/changes/0/entity/name',
  ],
  ['a homoglyph in a name', [field({ name: 'sh\u0435lf' })], '/changes/0/field/name'],
  ['an override of the direction in a label', [field({ label: text('Shelf\u202Eflehs') })], '/changes/0/field/label/en'],
  ['the same in a plain text', [field({ label: 'Shelf\u202Eflehs' })], '/changes/0/field/label'],
  ['an isolate in a label', [field({ label: text('Shelf\u2066x') })], '/changes/0/field/label/en'],
  ['a label of nothing', [field({ label: '' })], '/changes/0/field/label'],
  ['a label that is a number', [field({ label: 7 })], '/changes/0/field/label'],
  ['a field named like a system column', [field({ name: 'deleted_at' })], '/changes/0/field/name'],
  ['a field that is there already', [field({ name: 'title' })], '/changes/0/field/name'],
  ['a field called like a relation', [field({ name: 'branch' })], '/changes/0/field/name'],
  ['a field called like a reference field', [field({ name: 'branch_id' })], '/changes/0/field/name'],
  ['an option list of a hundred thousand', [field({ type: 'select', options: options(100_000) })], '/changes/0/field/options'],
  [
    'an option that stands twice',
    [field({ type: 'select', options: [...options(2), ...options(1)] })],
    '/changes/0/field/options/2/value',
  ],
  ['an option with a comma', [field({ type: 'select', options: [{ value: 'a,b' }] })], '/changes/0/field/options/0/value'],
  ['a type that there is not', [field({ type: 'txt' })], '/changes/0/field/type'],
  ['no type', [{ op: 'addField', entity: 'books', field: { name: 'x' } }], '/changes/0/field'],
  ['a setting that the type does not take', [field({ colour: 'red' })], '/changes/0/field/colour'],
  ['retired from the start', [field({ retired: true })], '/changes/0/field/retired'],
  ['an id that something else has', [field({ id: 'fld_books_title' })], '/changes/0/field/id'],
  ['an id of the engine', [field({ id: 'sys_title' })], '/changes/0/field/id'],
  [
    'a condition over a fact that there is not',
    [field({ visibleWhen: { fact: 'titel', operator: 'equal', value: 'x' } })],
    '/changes/0/field/visibleWhen/fact',
  ],
  ['a field where none may be added', [{ ...field({}), entity: 'tag_links' }], '/changes/0/entity'],
  ['a text that cannot be stored', [field({ default: 'a\u0000b' })], '/changes/0/field/default'],
  ['half of a character', [field({ default: '\ud800' })], '/changes/0/field/default'],
  [
    'required relations in a circle',
    [relation('branches', { name: 'first_book', entity: 'books', field: 'first_book_id' })],
    '/changes/0/relation/required',
  ],
  ['a relation to nothing', [relation('books', { name: 'x', entity: 'boks' })], '/changes/0/relation/entity'],
  [
    'a relation called like the entity that there is not',
    [entity({ relations: { ghosts: { entity: 'ghosts' } } })],
    '/changes/0/entity/relations/ghosts/entity',
  ],
  ['a relation without a target', [relation('books', { name: 'x' })], '/changes/0/relation'],
  ['a relation called like a field', [relation('books', { name: 'title', entity: 'branches' })], '/changes/0/relation/name'],
  [
    'a required relation that is let go',
    [relation('books', { name: 'x', entity: 'branches', onDelete: 'detach' })],
    '/changes/0/relation/onDelete',
  ],
  [
    'an inverse that is taken',
    [relation('books', { name: 'x', entity: 'branches', inverse: 'name' })],
    '/changes/0/relation/inverse',
  ],
  ['an operation that there is not', [{ op: 'dropEverything' }], '/changes/0/op'],
  ['an operation called like a property of all objects', [{ op: 'constructor' }], '/changes/0/op'],
  ['no operation', [{}], '/changes/0'],
  ['an operation that is a number', [{ op: 1 }], '/changes/0/op'],
  ['a change that is no object', ['addField'], '/changes/0'],
  ['a change that is nothing', [null], '/changes/0'],
  ['an entity that there is not', [{ ...field({}), entity: 'boks' }], '/changes/0/entity'],
  ['a member too many', [{ ...field({}), cascade: true }], '/changes/0/cascade'],
  ['changes that are no list', { 0: field({}) }, '/changes'],
  ['no changes at all', [], '/changes'],
  ['more changes than a hundred', Array.from({ length: 101 }, (_one, at) => field({ name: `f${at}` })), '/changes'],
  [
    'too deep',
    [field({ default: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) })],
    `/changes/0/field/default${'/0'.repeat(62)}`,
  ],
  ['a patch of the name', [on('changeField', { name: 'title', set: { name: 'x' } })], '/changes/0/set/name'],
  ['a patch of nothing', [on('changeField', { name: 'title', set: {} })], '/changes/0/set'],
  ['a patch of a field that there is not', [on('changeField', { name: 'titel', set: { required: false } })], '/changes/0/name'],
  ['a patch of a reference field', [on('changeField', { name: 'branch_id', set: { required: false } })], '/changes/0/name'],
  [
    'a patch with a setting of another type',
    [on('changeField', { name: 'title', set: { precision: 3 } })],
    '/changes/0/set/precision',
  ],
  ['a default that is no value', [on('changeField', { name: 'pages', set: { min: 9, max: 1 } })], '/changes/0/set/min'],
  ['a rename to what is there', [on('renameField', { name: 'title', to: 'isbn' })], '/changes/0/to'],
  ['a rename to a name that is none', [on('renameField', { name: 'title', to: 'The title' })], '/changes/0/to'],
  ['a rename to a reserved name', [on('renameField', { name: 'title', to: 'version' })], '/changes/0/to'],
  ['a rename of an entity of the engine', [{ op: 'renameEntity', entity: 'users', to: 'people' }], '/changes/0/entity'],
  ['a rename of a field of the engine', [{ op: 'renameField', entity: 'users', name: 'email', to: 'mail' }], '/changes/0/name'],
  ['a rename for too long', [on('renameField', { name: 'title', to: 'heading', aliasDays: 1e9 })], '/changes/0/aliasDays'],
  ['a rename to a reserved entity', [on('renameEntity', { to: 'batch' })], '/changes/0/to'],
  ['a rename to the singular of another', [on('renameEntity', { to: 'loan' })], '/changes/0/to'],
  ['retiring what is displayed', [on('retireField', { name: 'title', cascade: true })], '/changes/0'],
  ['retiring what a list shows', [on('retireField', { name: 'isbn' })], '/changes/0'],
  ['retiring an entity that others refer to', [{ op: 'retireEntity', entity: 'books', cascade: true }], '/changes/0'],
  ['retiring the platform', [{ op: 'retireEntity', entity: 'users' }], '/changes/0/entity'],
  ['retiring the administrator', [{ op: 'retireRole', name: 'admin' }], '/changes/0/name'],
  [
    'options of a field that takes them from a set',
    [on('setOptions', { field: 'format', options: options(1) })],
    '/changes/0/field',
  ],
  ['options of a text', [on('setOptions', { field: 'title', options: options(1) })], '/changes/0/field'],
  ['options of nothing', [{ op: 'setOptions', options: options(1) }], '/changes/0'],
  ['options of both', [on('setOptions', { field: 'format', optionSet: 'genres', options: options(1) })], '/changes/0/optionSet'],
  [
    'an option that goes although a default names it',
    [{ op: 'setOptions', optionSet: 'book_formats', options: options(1) }],
    '/changes/0',
  ],
  [
    'an option that is replaced by nothing that there is',
    [{ op: 'setOptions', optionSet: 'genres', options: options(1), replace: { nonsense: null } }],
    '/changes/0/replace/nonsense',
  ],
  [
    'an option that the engine writes',
    [{ op: 'setOptions', optionSet: 'timeline_kinds', options: options(1) }],
    '/changes/0/options',
  ],
  ['an index over nothing', [on('addIndex', { index: { fields: ['titel'] } })], '/changes/0/index/fields/0'],
  ['an index that is there', [on('addIndex', { index: { fields: ['status', '-created_at'] } })], '/changes/0/index'],
  ['an index that there is not', [on('retireIndex', { id: 'idx_none' })], '/changes/0/id'],
  [
    'a rule over a fact that there is not',
    [on('setValidationRule', { rule: { name: 'r', errorWhen: { fact: 'titel', operator: 'isEmpty', value: true } } })],
    '/changes/0/rule/errorWhen/fact',
  ],
  ['a rule that there is not', [on('retireDuplicateRule', { name: 'same_titel' })], '/changes/0/name'],
  ['a column that there is not', [view({ columns: ['title', 'titel'] })], '/changes/0/view/columns/1'],
  ['a view of nothing', [view({ entity: 'boks' })], '/changes/0/view/entity'],
  ['a view with a member too many', [view({ filters: [] })], '/changes/0/view/filters'],
  ['a view that is both given and patched', [{ ...view({}), name: 'books_all', set: { default: false } }], '/changes/0/view'],
  ['a patch of a view that there is not', [{ op: 'setView', name: 'book_all', set: { default: false } }], '/changes/0/name'],
  ['a layout without tabs', [{ op: 'setLayout', layout: { name: 'x', entity: 'books', tabs: [] } }], '/changes/0/layout/tabs'],
  [
    'a workflow with a broken condition',
    [{ op: 'setWorkflow', workflow: { name: 'w', entity: 'books', trigger: { type: 'record.saved', when: { fact: 'title' } } } }],
    '/changes/0/workflow/trigger/when',
  ],
  ['a role that extends itself', [{ op: 'setRole', role: { name: 'r', extends: ['r'] } }], '/changes/0/role/extends'],
];

describe('a bad change', () => {
  test.each(bad)('%s', async (_what, changes, pointer) => {
    const result = await applyChanges(library, changes);
    expect(result.issues.map((issue) => issue.pointer)).toContain(pointer);
    expect([result.registry, result.documents, result.data, result.touched]).toEqual([library, library.documents, [], []]);
    for (const { code, detail } of result.issues)
      expect([code, detail]).toEqual([expect.stringMatching(/^[a-z_]+$/), expect.stringMatching(/[.?!)]$/)]);
  });
});
