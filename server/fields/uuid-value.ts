// Reading UUIDs, for the types reference and id.
import { canonicalOf } from '../conditions/values.ts';
import type { FieldTypeDefinition } from './define-field-type.ts';
import { accepted, refused } from './outcome.ts';

/** The faces of a uuid column. */
export const uuidFaces: Pick<FieldTypeDefinition, 'kind' | 'column' | 'jsonSchema' | 'parse' | 'fromText'> = {
  kind: 'id',
  column: 'uuid',
  jsonSchema: () => ({ type: 'string', format: 'uuid' }),
  parse: (value) => {
    const id = canonicalOf(value, 'id');
    return id === undefined ? refused('id', 'Expected the id of a record (UUID).') : accepted(id);
  },
  fromText: (cell) => ({ value: cell.trim() }),
};
