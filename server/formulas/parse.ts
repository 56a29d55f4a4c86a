// The text of a formula → its syntax tree, by jsep; what the language does not have is refused with its place.
import jsep from 'jsep';
import type { FormulaIssue } from './tree.ts';

export const maxFormulaLength = 4000;

/** @returns jsep's tree (ESTree), or why there is none */
export function parseFormula(text: string): { readonly tree: jsep.Expression } | { readonly issue: FormulaIssue } {
  if (text.trim() === '') return { issue: { at: 0, detail: 'The formula is empty.' } };
  if (text.length > maxFormulaLength)
    return { issue: { at: maxFormulaLength, detail: `A formula is at most ${maxFormulaLength} characters long.` } };
  try {
    return { tree: jsep(text) };
  } catch (error) {
    const { index, description } = error as { readonly index?: number; readonly description?: string };
    const at = index ?? 0;
    const hint = /(^|[^=!<>])=([^=]|$)/.test(text) ? ' Two values are compared with "==".' : '';
    return {
      issue: { at, detail: `The formula cannot be read at character ${at + 1}: ${description ?? 'syntax error'}.${hint}` },
    };
  }
}
