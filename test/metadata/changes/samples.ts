// A good change of every operation, on the library as it is; an option set is only retired after it was set.
import type { MetadataChange } from '../../../server/metadata/changes/types.ts';
import { readings } from '../../studio/support/changes.ts';

const entity = 'books';
const option = (value: string) => ({ value });

export const samples: readonly MetadataChange[] = [
  readings as MetadataChange,
  { op: 'addEntity', entity: { singular: 'visit', plural: 'visits', fields: [{ name: 'title', type: 'text' }] } },
  { op: 'changeEntity', entity, set: { icon: 'books', features: { tags: false }, description: 'All of them' } },
  { op: 'renameEntity', entity, to: 'volumes', singular: 'volume', label: 'Volumes', aliasDays: 7 },
  { op: 'retireEntity', entity: 'loans', cascade: true },
  {
    op: 'addField',
    entity,
    field: { name: 'shelf', type: 'select', options: [option('a'), option('b')], default: 'a', help: 'Where' },
  },
  { op: 'changeField', entity, name: 'pages', set: { type: 'decimal', required: true }, unconvertible: 'empty' },
  { op: 'renameField', entity, name: 'title', to: 'heading' },
  { op: 'retireField', entity, name: 'weight', cascade: true },
  { op: 'addRelation', entity, relation: { name: 'translator', entity: 'authors', inverse: 'translations' } },
  { op: 'addRelation', entity, relation: { name: 'about', kind: 'belongsToAny', entities: ['authors', 'branches'] } },
  { op: 'changeRelation', entity, name: 'branch', set: { required: false, label: 'Place' } },
  { op: 'renameRelation', entity, name: 'branch', to: 'site', inverse: 'volumes' },
  { op: 'retireRelation', entity: 'loans', name: 'branch', cascade: true },
  { op: 'setOptions', optionSet: 'genres', options: [option('poetry'), option('novel')] },
  { op: 'setOptionSet', optionSet: { name: 'colours', options: [option('red')], label: 'Colours' } },
  { op: 'retireOptionSet', name: 'colours' },
  { op: 'addIndex', entity, index: { fields: ['pages', '-created_at'] } },
  { op: 'retireIndex', entity, fields: ['-updated_at'] },
  { op: 'setValidationRule', entity, rule: { name: 'long', errorWhen: { fact: 'pages', operator: 'greaterThan', value: 5000 } } },
  { op: 'setDuplicateRule', entity, rule: { name: 'same_isbn', match: [{ field: 'isbn', method: 'exact' }] } },
  { op: 'retireValidationRule', entity: 'loans', name: 'returned_after_lent' },
  { op: 'retireDuplicateRule', entity, name: 'same_title_and_format' },
  {
    op: 'setLayout',
    layout: { name: 'books_short', entity, tabs: [{ id: 'main', sections: [{ id: 'one', rows: [[{ field: 'title' }]] }] }] },
  },
  { op: 'setView', name: 'books_all', set: { columns: ['title'], label: 'Every book' } },
  { op: 'setDashboard', name: 'lending', set: { label: 'Loans' } },
  {
    op: 'setWorkflow',
    workflow: {
      name: 'quiet',
      entity,
      trigger: { type: 'record.saved', when: { fact: 'status', operator: 'equal', value: 'lost' } },
      rules: [
        { name: 'never', conditions: { all: [{ fact: 'title', operator: 'equal', value: 'x' }] }, event: { type: 'score.add' } },
      ],
    },
  },
  { op: 'setRole', role: { name: 'reader', entities: { books: { read: 'all' } } } },
  { op: 'setImportMapping', importMapping: { id: 'imp_short', entity, upsertOn: 'isbn', fields: { isbn: { column: 'I' } } } },
  { op: 'retireLayout', name: 'books_detail' },
  { op: 'retireView', name: 'loans_overdue' },
  { op: 'retireDashboard', name: 'lending' },
  { op: 'retireWorkflow', name: 'loan_urgency' },
  { op: 'retireRole', name: 'librarian' },
  { op: 'retireImportMapping', name: 'imp_catalogue' },
];
