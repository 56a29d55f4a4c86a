// Scalars beyond GraphQL's own; values pass as the API's JSON values, the field types check them.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const textScalar = (name: string, description: string, accepts: (value: unknown) => boolean): GraphQLScalarType => {
  const coerce = (value: unknown): unknown => {
    if (!accepts(value))
      throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value) ?? 'this value'}.`, {
        extensions: { code: 'bad_request' },
      });
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => value,
    parseValue: coerce,
    parseLiteral: (node) => coerce('value' in node ? node.value : undefined),
  });
};

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNumber = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

function literalValue(node: ValueNode, variables: Readonly<Record<string, unknown>> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, literalValue(field.value, variables)]));
    case Kind.LIST:
      return node.values.map((value) => literalValue(value, variables));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    default:
      return node.value;
  }
}

export const scalars: readonly GraphQLScalarType[] = [
  textScalar('Decimal', 'An exact decimal number, as a string.', isTextOrNumber),
  textScalar('BigInt', 'A 64-bit whole number, as a string.', isTextOrNumber),
  textScalar('Date', 'A calendar date, YYYY-MM-DD.', isText),
  textScalar('DateTime', 'An instant, RFC 3339.', isText),
  textScalar('Time', 'A time of day, HH:MM or HH:MM:SS.', isText),
  new GraphQLScalarType({
    name: 'JSON',
    description: 'Any JSON value.',
    parseValue: (value) => value,
    parseLiteral: literalValue,
  }),
];
