// Module hooks of node. Types become white space, so every line, column and byte stays where the source has it: errors and
// coverage need no source maps. And `@jest/globals`, which exists only inside of jest, is one of native/.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/wasm-typescript';

export async function resolve(specifier, context, nextResolve) {
  if (specifier !== '@jest/globals') return nextResolve(specifier, context);
  // Only test files are loaded with a query, see native/runtime.cjs.
  const [, run] = context.parentURL.split('?');
  const name = run === undefined ? 'shared-globals.mjs' : `globals.mjs?${run}`;
  return { url: new URL(`./native/${name}`, import.meta.url).href, shortCircuit: true };
}

export async function load(url, context, nextLoad) {
  const [address] = url.split('?');
  if (!address.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(address);
  const { code } = await transform(await readFile(filename, 'utf8'), { filename, mode: 'strip-only' });
  return { format: 'module', source: code, shortCircuit: true };
}
