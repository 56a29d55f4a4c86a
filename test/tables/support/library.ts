// The entities of a small library, for tests of tables.
import type { SmallEntity } from './registry.ts';

const belongsTo = (id: string, entity: string, field: string, inverse?: string) =>
  ({ id, kind: 'belongsTo', entity, field, onDelete: 'restrict', ...(inverse === undefined ? {} : { inverse }) }) as const;

export const authors: SmallEntity = {
  id: 'ent_authors',
  name: 'authors',
  fields: {
    name: { id: 'fld_name', type: 'text', required: true, maxLength: 200 },
    born: { id: 'fld_born', type: 'date', index: true },
  },
  relations: {
    mentor: belongsTo('rel_mentor', 'authors', 'mentor_id', 'pupils'),
    books: { id: 'rel_author_books', kind: 'manyToMany', entity: 'books', through: 'writings', from: 'author_id', to: 'book_id' },
  },
  search: ['name'],
};

export const books: SmallEntity = {
  id: 'ent_books',
  name: 'books',
  importable: true,
  fields: {
    title: { id: 'fld_title', type: 'text', required: true },
    isbn: { id: 'fld_isbn', type: 'text', unique: true },
    pages: { id: 'fld_pages', type: 'integer', default: 0 },
    price: { id: 'fld_price', type: 'money' },
    lent: { id: 'fld_lent', type: 'boolean', required: true, default: false },
    shelf: { id: 'fld_shelf', type: 'text', default: "the 'new' one" },
    genres: { id: 'fld_genres', type: 'multiSelect', options: [{ value: 'novel', label: { en: 'Novel' } }] },
    address: { id: 'fld_address', type: 'address' },
    notes: { id: 'fld_notes', type: 'json' },
  },
  relations: {
    author: belongsTo('rel_author', 'authors', 'author_id', 'books_of'),
    successor: belongsTo('rel_successor', 'books', 'successor_id'),
  },
  indexes: [
    { fields: ['author_id', '-pages'] },
    { fields: ['-created_at', 'title'] },
    { fields: ['author_id', 'title'], unique: true },
  ],
  search: ['title', 'isbn'],
};

export const writings: SmallEntity = {
  id: 'ent_writings',
  name: 'writings',
  fields: { name: { id: 'fld_role', type: 'text' } },
  relations: {
    author: belongsTo('rel_w_author', 'authors', 'author_id'),
    book: belongsTo('rel_w_book', 'books', 'book_id'),
  },
};

export const remarks: SmallEntity = {
  id: 'ent_remarks',
  name: 'remarks',
  fields: { name: { id: 'fld_remark', type: 'text' } },
  relations: {
    about: {
      id: 'rel_about',
      kind: 'belongsToAny',
      entities: ['books', 'authors'],
      typeField: 'about_type',
      idField: 'about_id',
      inverse: 'remarks',
      onDelete: 'cascade',
    },
  },
};

export const loans: SmallEntity = {
  id: 'ent_loans',
  name: 'loans',
  partitioned: true,
  fields: { name: { id: 'fld_loan', type: 'text', required: true } },
  relations: { book: belongsTo('rel_loan_book', 'books', 'book_id') },
};

export const library: readonly SmallEntity[] = [authors, books, writings, remarks, loans];

/** The entity with its relations leading where the names lead. */
export function withTargets(entity: SmallEntity, named: (name: string) => string): SmallEntity {
  const relations = Object.entries(entity.relations ?? {}).map(([name, relation]) => [
    name,
    relation.kind === 'belongsToAny'
      ? { ...relation, entities: (relation.entities ?? []).map(named) }
      : { ...relation, entity: named(relation.entity) },
  ]);
  return { ...entity, relations: Object.fromEntries(relations) };
}

/** The entity where the books are called volumes. */
export const pointToVolumes = (entity: SmallEntity): SmallEntity =>
  withTargets(entity, (name) => (name === 'books' ? 'volumes' : name));
