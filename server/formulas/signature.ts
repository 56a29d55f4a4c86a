// Whether a function takes the arguments that it is given, and what comes out.
import type { FormulaFunction, Parameter } from './function.ts';
import { takes } from './function.ts';
import type { FormulaKind } from './kinds.ts';
import type { FormulaNode } from './tree.ts';

export type Typed = { readonly node: FormulaNode & { readonly node: 'call' } } | { readonly detail: string };

/** The parameter of each argument, or why their number does not fit. */
function parametersFor(called: FormulaFunction, count: number): readonly Parameter[] | string {
  const { name, parameters, rest = [], last, optional = 0 } = called;
  const fixed = parameters.length + (last === undefined ? 0 : 1);
  if (count < fixed - optional) return `${name} takes at least ${fixed - optional} values.`;
  const more = count - fixed;
  if (more <= 0) return last === undefined ? parameters.slice(0, count) : [...parameters, last];
  if (rest.length === 0) return `${name} takes at most ${fixed} values.`;
  if (more % rest.length !== 0) return `${name} takes further values in groups of ${rest.length}.`;
  const further = Array.from({ length: more }, (_, at) => rest[at % rest.length] as Parameter);
  return [...parameters, ...further, ...(last === undefined ? [] : [last])];
}

export function typedCall(called: FormulaFunction, args: readonly FormulaNode[]): Typed {
  const wanted = parametersFor(called, args.length);
  if (typeof wanted === 'string') return { detail: wanted };
  const same = args.find(({ kind }, at) => wanted[at] === 'same' && kind !== 'none')?.kind ?? 'none';
  const fitted: FormulaNode[] = [];
  for (const [at, arg] of args.entries()) {
    const parameter = wanted[at] === 'same' ? same : (wanted[at] ?? 'any');
    if (arg.kind === 'none') fitted.push(asKind(arg, parameter));
    else if (takes(parameter, arg.kind)) fitted.push(arg);
    else return { detail: `${called.name} takes ${told(parameter)} as value ${at + 1}, not ${arg.kind}.` };
  }
  const kind = called.result === 'same' ? same : called.result;
  return { node: { node: 'call', kind, call: called, args: fitted } };
}

/** A null of the kind that is wanted, so that SQL knows its type. */
function asKind(node: FormulaNode, parameter: Parameter): FormulaNode {
  const kind: FormulaKind = typeof parameter === 'string' && parameter !== 'same' && parameter !== 'any' ? parameter : 'text';
  if (node.node === 'literal') return { ...node, kind };
  // A choice between nothing and nothing.
  return { node: 'literal', kind, value: null };
}

const told = (parameter: Parameter): string => (typeof parameter === 'string' ? parameter : parameter.join(' or '));

/** `IF(boolean, same, same)` */
export function signatureOf({ name, parameters, rest = [], last }: FormulaFunction): string {
  const all = [...parameters, ...rest, ...(rest.length === 0 ? [] : (['…'] as const)), ...(last === undefined ? [] : [last])];
  const list = all.map((one) => (one === '…' ? one : told(one as Parameter)));
  return /^[A-Z]/.test(name) ? `${name}(${list.join(', ')})` : list.join(` ${name} `);
}
