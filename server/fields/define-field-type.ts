// Completes a field type: the faces that most types share, and the check that a default is a value of its own type.
import type { ColumnSpec, FieldMetadata, FieldType, ParseContext } from './field-type.ts';
import { refused } from './outcome.ts';

type Shared = 'columns' | 'graphql' | 'json' | 'fromText';
export type FieldTypeDefinition = Omit<FieldType, Shared> &
  Partial<Pick<FieldType, Shared>> & {
    /** PostgreSQL type of the one column, when `columns` is not given. */
    readonly column?: string;
  };

const noRecord: ParseContext = { defaultRegion: 'US', baseCurrency: 'USD', value: () => undefined };

const graphqlNames: Readonly<Record<string, string>> = {
  integer: 'Int',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'Date',
  dateTime: 'DateTime',
  id: 'ID',
  set: '[String!]',
  json: 'JSON',
};

function checkDefault(type: FieldTypeDefinition, field: FieldMetadata): readonly { pointer: string; detail: string }[] {
  if (field.default === undefined || field.default === null) return [];
  const parsed = type.parse(field.default, field, noRecord);
  // Only types whose parsing has an effect outside (hashing) are asynchronous, and those take no default.
  if (parsed instanceof Promise) return [{ pointer: '/default', detail: `A field of type ${type.name} takes no default.` }];
  return 'issues' in parsed
    ? parsed.issues.map(({ path, detail }) => ({ pointer: `/default${path}`, detail: `The default is not valid: ${detail}` }))
    : [];
}

/**
 * The finished field type. Without its own faces it has one column named like the field, appears in JSON as PostgreSQL
 * renders that column, and reads CSV text as it is. A plugin defines its types with this function as the built-ins do.
 */
export function defineFieldType(definition: FieldTypeDefinition): FieldType {
  const { column, ...type } = definition;
  const columns = (): readonly ColumnSpec[] => [{ suffix: '', type: column ?? 'text', kind: type.kind }];
  const graphql = graphqlNames[type.kind] ?? 'String';
  return Object.freeze({
    columns,
    graphql: () => ({ output: graphql, input: graphql }),
    json: (name: (suffix: string) => string) => name(''),
    fromText: (text: string) => (text === '' ? refused('empty', 'There is no value.') : { value: text }),
    ...type,
    check: (field: FieldMetadata) => {
      const contradictions = type.check?.(field) ?? [];
      // With contradicting settings the default cannot be judged.
      return contradictions.length > 0 ? contradictions : checkDefault(definition, field);
    },
  });
}
