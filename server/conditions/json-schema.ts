// A condition as a draft-07 schema for `if`, for exactly the subset that JSON Schema can express; else undefined.
import { isGlobalFact } from './facts.ts';
import { type Condition, isFactOperand, isLeaf, type Leaf } from './tree.ts';
import type { ValueKind } from './value-kind.ts';
import { canonicalOf, elementKind } from './values.ts';

export type IfSchema = Readonly<Record<string, unknown>>;

/**
 * The schema that a record (a JSON object of valid field values) meets exactly when the condition holds. Not expressible,
 * so undefined: decimals, date and time order, ids, other case, other facts as operands, related and previous records.
 * @param kindOf kind of the record's own fields
 */
export function conditionJsonSchema(condition: Condition, kindOf: (fact: string) => ValueKind | undefined): IfSchema | undefined {
  const all = (parts: readonly Condition[]): IfSchema[] | undefined => {
    const schemas = parts.map((part) => conditionJsonSchema(part, kindOf));
    return schemas.every((schema) => schema !== undefined) ? schemas : undefined;
  };
  if (isLeaf(condition)) {
    const kind = condition.fact.includes('.') || isGlobalFact(condition.fact) ? undefined : kindOf(condition.fact);
    return kind === undefined || isFactOperand(condition.value) ? undefined : leafSchema(condition, kind);
  }
  if ('all' in condition) {
    const parts = all(condition.all);
    return parts && { allOf: parts };
  }
  if ('any' in condition) {
    const parts = all(condition.any);
    return parts && { anyOf: parts };
  }
  if ('not' in condition) {
    const not = conditionJsonSchema(condition.not, kindOf);
    return not && { not };
  }
  return undefined;
}

const positives: Readonly<Record<string, string>> = { notEqual: 'equal', notIn: 'in', doesNotContain: 'contains' };

function leafSchema(leaf: Leaf, kind: ValueKind): IfSchema | undefined {
  const positive = positives[leaf.operator];
  if (positive !== undefined) {
    const schema = leafSchema({ ...leaf, operator: positive }, kind);
    return schema && { not: schema };
  }
  if (leaf.operator === 'isEmpty') {
    // An absent property meets `properties`, so this also holds for it.
    const empty = { properties: { [leaf.fact]: { enum: [null, '', []] } } };
    return leaf.value === false ? { not: empty } : empty;
  }
  const value = valueSchema(leaf, kind);
  return value && { required: [leaf.fact], properties: { [leaf.fact]: value } };
}

/** The schema of a present value, or undefined. */
function valueSchema(leaf: Leaf, kind: ValueKind): IfSchema | undefined {
  const one = canonicalOf(leaf.value, elementKind(kind));
  const many = Array.isArray(leaf.value)
    ? [...new Set(leaf.value.map((item) => canonicalOf(item, elementKind(kind))).filter((item) => item !== undefined))]
    : undefined;
  if (kind === 'set') return setSchema(leaf.operator, one, many);
  if (kind === 'integer') return integerSchema(leaf, one, many);
  if (leaf.operator === 'equal' && (kind === 'text' || kind === 'boolean' || kind === 'date'))
    return one === undefined ? undefined : { const: one };
  if (leaf.operator === 'in' && (kind === 'text' || kind === 'date')) return many && many.length > 0 ? { enum: many } : undefined;
  if (kind !== 'text' || typeof one !== 'string') return undefined;
  const literal = one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (leaf.operator === 'contains') return { type: 'string', pattern: literal };
  if (leaf.operator === 'startsWith') return { type: 'string', pattern: `^${literal}` };
  if (leaf.operator === 'endsWith') return { type: 'string', pattern: `${literal}$` };
  return undefined;
}

function setSchema(operator: string, one: unknown, many: readonly unknown[] | undefined): IfSchema | undefined {
  if (operator === 'has' && one !== undefined) return { type: 'array', contains: { const: one } };
  if (many === undefined || many.length === 0) return undefined;
  if (operator === 'hasAny') return { type: 'array', contains: { enum: many } };
  if (operator === 'hasAll') return { type: 'array', allOf: many.map((item) => ({ contains: { const: item } })) };
  return undefined;
}

function integerSchema(leaf: Leaf, one: unknown, many: readonly unknown[] | undefined): IfSchema | undefined {
  if (leaf.operator === 'in') {
    return many !== undefined && many.length > 0 && many.every((item) => typeof item === 'number') ? { enum: many } : undefined;
  }
  if (leaf.operator === 'between' && Array.isArray(leaf.value)) {
    const [minimum, maximum] = leaf.value.map((item) => canonicalOf(item, 'integer'));
    return typeof minimum === 'number' && typeof maximum === 'number' ? { type: 'integer', minimum, maximum } : undefined;
  }
  const keyword = integerKeywords[leaf.operator];
  return keyword === undefined || typeof one !== 'number' ? undefined : { type: 'integer', [keyword]: one };
}

const integerKeywords: Readonly<Record<string, string>> = {
  equal: 'const',
  lessThan: 'exclusiveMaximum',
  lessThanInclusive: 'maximum',
  greaterThan: 'exclusiveMinimum',
  greaterThanInclusive: 'minimum',
};
