// Facts are resolved one floor down, since the metadata checks conditions too; queries take them from here.
export { factNames, maxFactDepth, type ResolvedFact, resolveFact } from '../metadata/facts.ts';
