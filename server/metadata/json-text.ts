// Reads a JSON file strictly and remembers the line of every value, so that findings say where.
import { type JsonObject, step } from './pointer.ts';

export type JsonText =
  | { readonly value: unknown; readonly lines: ReadonlyMap<string, number>; readonly twice: readonly string[] }
  | { readonly error: { readonly line: number; readonly column: number; readonly message: string } };

const space = /[ \t\n\r]*/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const text = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const deepest = 64;

class JsonSyntax extends Error {}

/**
 * Parses JSON (RFC 8259; a byte order mark is skipped).
 * @returns the value, the line of every pointer, and the pointers of keys that an object names twice; or where it breaks off
 */
export function readJson(source: string): JsonText {
  const lines = new Map<string, number>();
  const twice: string[] = [];
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;

  const fail = (message: string): never => {
    throw new JsonSyntax(message);
  };
  const skip = (): void => {
    const blank = take(space) ?? '';
    line += blank.split('\n').length - 1;
  };
  function take(token: RegExp): string | undefined {
    token.lastIndex = at;
    const found = token.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
  function takeMark(mark: string): boolean {
    skip();
    if (source[at] !== mark) return false;
    at += 1;
    return true;
  }
  const found = (): string => (at >= source.length ? 'the end of the file' : JSON.stringify(source[at]));
  const readText = (): string => JSON.parse(take(text) ?? fail(`Expected a text in double quotes, found ${found()}.`)) as string;

  function read(pointer: string, depth: number): unknown {
    if (depth > deepest) fail(`Nested deeper than ${deepest} levels.`);
    skip();
    lines.set(pointer, line);
    if (source[at] === '{') return readObject(pointer, depth);
    if (source[at] === '[') return readList(pointer, depth);
    if (source[at] === '"') return readText();
    return JSON.parse(take(word) ?? fail(`Expected a value, found ${found()}.`)) as unknown;
  }
  function readObject(pointer: string, depth: number): JsonObject {
    const members = new Map<string, unknown>();
    at += 1;
    if (takeMark('}')) return {};
    do {
      skip();
      const key = readText();
      const below = step(pointer, key);
      if (members.has(key)) twice.push(below);
      if (!takeMark(':')) fail(`Expected ":" after the key "${key}", found ${found()}.`);
      members.set(key, read(below, depth + 1));
    } while (takeMark(','));
    if (!takeMark('}')) fail(`Expected "," or "}", found ${found()}.`);
    // fromEntries defines own properties, "__proto__" too; the schema then refuses that name like any other.
    return Object.fromEntries(members);
  }
  function readList(pointer: string, depth: number): unknown[] {
    const items: unknown[] = [];
    at += 1;
    if (takeMark(']')) return items;
    do items.push(read(step(pointer, items.length), depth + 1));
    while (takeMark(','));
    if (!takeMark(']')) fail(`Expected "," or "]", found ${found()}.`);
    return items;
  }

  try {
    const value = read('', 0);
    skip();
    if (at < source.length) fail(`Expected the end of the file, found ${found()}.`);
    return { value, lines, twice };
  } catch (error) {
    if (!(error instanceof JsonSyntax)) throw error;
    return { error: { line, column: at - source.lastIndexOf('\n', at - 1), message: error.message } };
  }
}
