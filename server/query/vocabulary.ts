// What a condition may name is decided one floor down, since the metadata checks conditions too; queries take it from here.
export { vocabularyOf } from '../metadata/vocabulary.ts';
