// Syntax → checked tree: names that exist, functions that take what they are given, a kind for every part.
import Big from 'big.js';
import type jsep from 'jsep';
import { didYouMean } from '../conditions/did-you-mean.ts';
import { isStorable } from '../conditions/values.ts';
import { callableNames, functionsNamed } from './functions.ts';
import type { FormulaKind } from './kinds.ts';
import { parseFormula } from './parse.ts';
import { signatureOf, type Typed, typedCall } from './signature.ts';
import type { FormulaIssue, FormulaNode } from './tree.ts';

export interface FormulaScope {
  /** Kind of a field path; undefined: no such field; `null`: a field that cannot be calculated with. */
  kindOf(path: string): FormulaKind | null | undefined;
  /** For "did you mean". */
  readonly names: readonly string[];
}

const maxNodes = 500;
const maxDepth = 60;

class Refused extends Error {}

/** The formula as a checked tree, or the first thing that is wrong with it. Never throws. */
export function checkFormula(
  text: string,
  scope: FormulaScope,
): { readonly formula: FormulaNode } | { readonly issue: FormulaIssue } {
  const parsed = parseFormula(text);
  if ('issue' in parsed) return parsed;
  let nodes = 0;
  const visit = (tree: jsep.Expression, depth: number): FormulaNode => {
    nodes += 1;
    if (nodes > maxNodes) throw new Refused(`A formula has at most ${maxNodes} parts.`);
    if (depth > maxDepth) throw new Refused(`A formula nests at most ${maxDepth} levels deep.`);
    const inner = (one: unknown): FormulaNode => visit(one as jsep.Expression, depth + 1);
    switch (tree.type) {
      case 'Literal':
        return literal(tree as jsep.Literal);
      case 'Identifier':
      case 'MemberExpression':
        return field(pathOf(tree), scope);
      case 'UnaryExpression': {
        const { operator, argument } = tree as jsep.UnaryExpression;
        return call(operator === '-' ? 'negate' : operator, [inner(argument)], operator);
      }
      case 'BinaryExpression': {
        const { operator, left, right } = tree as jsep.BinaryExpression;
        return call(operator, [inner(left), inner(right)], operator);
      }
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = tree as jsep.ConditionalExpression;
        return call('IF', [inner(test), inner(consequent), inner(alternate)], '? :');
      }
      case 'CallExpression': {
        const { callee, arguments: args } = tree as jsep.CallExpression;
        const name = callee.type === 'Identifier' ? String(callee['name']) : '';
        return call(name.toUpperCase(), args.map(inner), name);
      }
      default:
        throw new Refused(
          `A formula is one expression; ${tree.type === 'Compound' ? 'there seems to be an operator missing' : `${tree.type} is not understood`}.`,
        );
    }
  };
  try {
    return { formula: visit(parsed.tree, 0) };
  } catch (error) {
    if (error instanceof Refused) return { issue: { at: 0, detail: error.message } };
    // A tree too deep for the stack.
    return { issue: { at: 0, detail: `A formula nests at most ${maxDepth} levels deep.` } };
  }
}

function literal({ value, raw }: jsep.Literal): FormulaNode {
  if (value === null) return { node: 'literal', kind: 'none', value: null };
  if (typeof value === 'boolean') return { node: 'literal', kind: 'boolean', value };
  if (typeof value === 'number') {
    // The text as it is written: no digit goes through a float.
    if (!/^\d{0,40}\.?\d{0,20}$/.test(raw)) throw new Refused(`The number ${raw} is too long; exponents are not understood.`);
    return { node: 'literal', kind: 'number', value: new Big(raw.startsWith('.') ? `0${raw}` : raw.replace(/\.$/, '')) };
  }
  const text = String(value);
  if (!isStorable(text)) throw new Refused('A text holds characters that cannot be stored.');
  return { node: 'literal', kind: 'text', value: text };
}

function pathOf(tree: jsep.Expression): string {
  if (tree.type === 'Identifier') return String(tree['name']);
  const { object, property, computed } = tree as jsep.MemberExpression;
  if (computed || property.type !== 'Identifier') throw new Refused('Parts of a field are named with a dot: address.city.');
  return `${pathOf(object)}.${String(property['name'])}`;
}

function field(path: string, scope: FormulaScope): FormulaNode {
  const kind = scope.kindOf(path);
  if (kind === null) throw new Refused(`"${path}" cannot be used in a formula.`);
  if (kind === undefined) {
    const called =
      functionsNamed(path.toUpperCase()).length > 0 ? ` ${path.toUpperCase()} is a function: it is called with parentheses.` : '';
    throw new Refused(`There is no field "${path}".${called || didYouMean(path, scope.names)}`);
  }
  return { node: 'field', kind, path };
}

function call(name: string, args: readonly FormulaNode[], shown: string): FormulaNode & { readonly node: 'call' } {
  if (name === 'TODAY' || name === 'NOW')
    throw new Refused(
      `${name}() changes by itself, but the value of a formula is stored. Use a condition with "today" or "now" instead.`,
    );
  const candidates = functionsNamed(name);
  if (candidates.length === 0) throw new Refused(`There is no function "${shown}".${didYouMean(name, callableNames)}`);
  const told = new Set<string>();
  for (const candidate of candidates) {
    const typed: Typed = typedCall(candidate, args);
    if ('node' in typed) return typed.node;
    told.add(typed.detail);
  }
  const kinds = args.map(({ kind }) => kind).join(', ');
  const ways = candidates.map(signatureOf).join(', ');
  const [first = ''] = told;
  throw new Refused(told.size === 1 ? first : `"${shown}" does not take (${kinds}). It takes ${ways}.`);
}
