// Module hooks of node. Types become white space, so every line, column and byte stays where the source has it: errors and
// coverage need no source maps. And `@jest/globals`, which exists only inside of jest, is the one of native/globals.mjs.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/wasm-typescript';

const globals = new URL('./native/globals.mjs', import.meta.url).href;

export async function resolve(specifier, context, nextResolve) {
  return specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  const [address] = url.split('?');
  if (!address.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(address);
  const { code } = await transform(await readFile(filename, 'utf8'), { filename, mode: 'strip-only' });
  return { format: 'module', source: code, shortCircuit: true };
}
