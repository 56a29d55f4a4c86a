// Random records and conditions of every kind: nulls, decimals, non-ASCII text, LIKE wildcards, near-equal values.
import fc from 'fast-check';
import { operatorsFor } from '../../server/conditions/operators.ts';
import type { Condition, Leaf, Operand } from '../../server/conditions/tree.ts';
import type { ValueKind } from '../../server/conditions/value-kind.ts';

/** Two fields of each kind that can be compared with each other. */
export const fields: Readonly<Record<string, ValueKind>> = {
  name: 'text',
  title: 'text',
  amount: 'decimal',
  cost: 'decimal',
  score: 'integer',
  rank: 'integer',
  active: 'boolean',
  closed: 'boolean',
  due: 'date',
  start: 'date',
  seen_at: 'dateTime',
  made_at: 'dateTime',
  opens: 'time',
  shuts: 'time',
  owner_id: 'id',
  team_id: 'id',
  tags: 'set',
  topics: 'set',
  data: 'json',
};

// Small pools make equal values, prefixes and case variants frequent.
const pieces = [
  'a',
  'A',
  'b',
  'ab',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '?',
  '$1',
  ' ',
  'é',
  'É',
  'ß',
  'ẞ',
  'ς',
  'σ',
  'Σ',
  'İ',
  'i',
  'ı',
  'م',
  'ﬀ',
  '\uffee',
  '😀',
  '𐐀',
  '𐐨',
  'ǅ',
  'Ω',
];
const text = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }).map((value) => value.replaceAll('\0', '')) },
  )
  .map((value) => value.normalize('NFC'));
const decimal = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1',
    '1.0',
    '1.0000',
    '-1',
    '0.1',
    '0.10',
    '10',
    '9',
    '9007199254740993',
    '9007199254740992',
    '-0.0001',
  ),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 9999 }))
    .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`),
);
const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -2147483648, max: 2147483647 }));
const date = fc.constantFrom('0001-01-01', '1999-12-31', '2000-02-29', '2023-03-01', '2024-02-29', '9999-12-31');
const dateTime = fc.constantFrom(
  '2024-02-29T10:00:00Z',
  '2024-02-29T12:00:00+02:00',
  '2024-02-29T10:00:00.001Z',
  '2024-02-29T05:00:00-05:00',
  '0001-01-02T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
);
const time = fc.constantFrom('00:00', '00:00:00', '09:30', '09:30:01', '23:59:59');
const id = fc.constantFrom(
  '01890000-0000-7000-8000-000000000001',
  '01890000-0000-7000-8000-00000000000A',
  '01890000-0000-7000-8000-00000000000a',
);
const set = fc.uniqueArray(
  fc.constantFrom('01890000-0000-7000-8000-00000000000A', 'a', 'A', 'b', 'é', 'x y', '{', '"', 'NULL', ''),
  { maxLength: 4 },
);
const json = fc.constantFrom<unknown>({}, [1], 'text', 0, { a: { b: null } });

const values: Readonly<Record<ValueKind, fc.Arbitrary<unknown>>> = {
  text,
  decimal,
  integer,
  boolean: fc.boolean(),
  date,
  dateTime,
  time,
  id,
  set,
  json,
};

/** A value of the kind, or null. */
export const maybe = (kind: ValueKind): fc.Arbitrary<unknown> => fc.option(values[kind], { freq: 5, nil: null });

export type Row = Readonly<Record<string, unknown>>;
export const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, maybe(kind)])),
);

/** Facts as operands: only where check.ts lets them pass, or also where a list cannot be compared. */
export type Facts = 'none' | 'fitting' | 'any';

/** A comparison of one field with literals or, where `facts` allow, another field. */
export function leaf(names: readonly string[], facts: Facts): fc.Arbitrary<Leaf> {
  return fc.constantFrom(...names).chain((fact) => {
    const kind = fields[fact] as ValueKind;
    return fc.constantFrom(...operatorsFor(kind)).chain((operator): fc.Arbitrary<Leaf> => {
      const element = values[kind === 'set' ? 'text' : kind] as fc.Arbitrary<string>;
      const one = kind === 'set' ? fc.constantFrom('a', 'A', 'b', 'é', 'NULL', 'none') : element;
      const literal: fc.Arbitrary<Operand> =
        operator.shape === 'flag'
          ? fc.boolean()
          : operator.shape === 'one'
            ? one
            : operator.shape === 'range'
              ? fc.tuple(one, one).map((pair) => [...pair])
              : fc.array(one, { maxLength: 3 });
      const others = names.filter(
        (name) => fields[name] === (operator.shape === 'many' ? 'set' : kind === 'set' ? 'text' : kind),
      );
      const numeric = names.filter(
        (name) =>
          operator.shape === 'one' &&
          ['integer', 'decimal'].includes(kind) &&
          ['integer', 'decimal'].includes(fields[name] ?? ''),
      );
      const candidates = [...others, ...numeric];
      const usable =
        facts !== 'none' &&
        (facts === 'any' || operator.shape === 'one' || ['text', 'id', 'set'].includes(kind)) &&
        (operator.shape === 'one' || operator.shape === 'many') &&
        candidates.length > 0;
      const operand = usable
        ? fc.oneof(
            { weight: 3, arbitrary: literal },
            { weight: 1, arbitrary: fc.constantFrom(...candidates).map((other) => ({ fact: other })) },
          )
        : literal;
      return operand.map((value) => ({ fact, operator: operator.name, value }));
    });
  });
}

/** A tree of comparisons; with `relation`, also quantified over it (one level). */
export function tree(
  names: readonly string[],
  options: { readonly facts: Facts; readonly relation?: string },
): fc.Arbitrary<Condition> {
  const plain = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf(names, options.facts),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('node').map((not) => ({ not })),
    ),
  })).node;
  if (options.relation === undefined) return plain;
  const { relation } = options;
  const quantified = fc
    .tuple(fc.constantFrom('some', 'none', 'every'), fc.option(plain, { nil: undefined }))
    .map(([word, where]) => ({ [word]: where === undefined ? { relation } : { relation, where } }) as unknown as Condition);
  return fc.oneof(
    plain,
    quantified,
    quantified.map((not) => ({ not })),
    fc.tuple(plain, quantified).map(([left, right]) => ({ any: [left, right] })),
  );
}
