// What of a registry was made at run time, and what of its files was changed there.
import { isObject } from './pointer.ts';
import { perRegistry, type Registry } from './registry.ts';

export interface RunTime {
  /** Ids of fields and relations that no file has. */
  readonly members: ReadonlySet<unknown>;
  /** Ids of objects that customisations have something to say of, their own included. */
  readonly objects: ReadonlySet<unknown>;
}

/** Told by ids, so that no rename at run time makes a shipped field look like one that was made there. */
export const runTimeOf: (registry: Registry) => RunTime = perRegistry(({ documents }) => {
  const membersIn = (custom: boolean): Set<unknown> =>
    new Set(
      documents
        .filter(({ kind, layer }) => kind === 'entities' && (layer === 'custom') === custom)
        .flatMap(({ content: { fields, relations } }) => [fields, relations].filter(isObject).flatMap(Object.values))
        .flatMap((member) => (isObject(member) && typeof member['id'] === 'string' ? [member['id']] : [])),
    );
  const shipped = membersIn(false);
  return {
    members: new Set([...membersIn(true)].filter((id) => !shipped.has(id))),
    objects: new Set(documents.filter(({ layer }) => layer === 'custom').map(({ content }) => content['id'])),
  };
});
