// Reads the source of the admin UI: the interface keys it uses, and text that stands in the code where a key should.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from '@swc/core';
import { packageRoot } from '../../server/package-root.ts';

export interface SourceTexts {
  /** Key → the files that use it. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** `file: text` of words that would be shown as they are. */
  readonly literals: readonly string[];
}

/** Attributes that people read or hear. */
const spoken: ReadonlySet<string> = new Set([
  'alt',
  'aria-label',
  'description',
  'error',
  'label',
  'legend',
  'message',
  'placeholder',
  'title',
]);
const keyShape = /^[a-z][a-zA-Z]*(\.[a-z][a-zA-Z]*)+$/;
const word = /\p{L}{2,}/u;

type Node = { readonly type?: string } & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** @param namespaces first parts of the keys that exist; other dotted strings are no keys */
export function textsOf(
  code: string,
  namespaces: ReadonlySet<string>,
  tsx = true,
): { readonly keys: readonly string[]; readonly literals: readonly string[] } {
  const keys: string[] = [];
  const literals: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (!isNode(node)) return;
    const text = typeof node['value'] === 'string' ? node['value'] : '';
    if (node.type === 'JSXText' && word.test(text)) literals.push(text.trim());
    if (node.type === 'StringLiteral' && keyShape.test(text) && namespaces.has(text.split('.')[0] ?? '')) keys.push(text);
    if (node.type === 'JSXAttribute') {
      const name = isNode(node['name']) ? String(node['name']['value']) : '';
      const value = isNode(node['value']) ? node['value'] : undefined;
      if (spoken.has(name) && value?.type === 'StringLiteral' && word.test(String(value['value'])))
        literals.push(String(value['value']));
    }
    if (node.type === 'CallExpression' && isNode(node['callee'])) {
      const callee = node['callee'];
      const property = isNode(callee['property']) ? callee['property']['value'] : undefined;
      const argument: unknown = Array.isArray(node['arguments']) ? node['arguments'][0]?.expression : undefined;
      const isText = callee['value'] === 't' || property === 't';
      if (isText && isNode(argument) && argument.type === 'StringLiteral') keys.push(String(argument['value']));
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(code, { syntax: 'typescript', tsx, target: 'es2022' }));
  return { keys: [...new Set(keys)], literals };
}

export function adminUiTexts(namespaces: ReadonlySet<string>): SourceTexts {
  const root = join(packageRoot(), 'admin-ui', 'src');
  const keys = new Map<string, string[]>();
  const literals: string[] = [];
  for (const path of sources(root)) {
    const file = relative(root, path);
    const found = textsOf(readFileSync(path, 'utf8'), namespaces, path.endsWith('.tsx'));
    for (const key of found.keys) keys.set(key, [...(keys.get(key) ?? []), file]);
    literals.push(...found.literals.map((text) => `${file}: ${text}`));
  }
  return { keys, literals };
}
