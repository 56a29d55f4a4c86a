// Has each change the shape of its operation? What has not is told before anything is tried.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { packageRoot } from '../../package-root.ts';
import type { Issue } from '../../problem.ts';
import { isObject, type JsonObject } from '../pointer.ts';
import { newAjv, shapeFindings } from '../schema.ts';
import { operations } from './catalogue.ts';
import type { Operation } from './operation.ts';
import { beyondLimits, mostChanges } from './within-limits.ts';

let schemas: ReturnType<typeof loadSchemas> | undefined;
const compiled = new Map<string, ValidateFunction>();

async function loadSchemas() {
  const ajv = newAjv();
  ajv.addSchema(JSON.parse(await readFile(join(packageRoot(), 'metadata', 'schemas', 'common.schema.json'), 'utf8')) as object);
  return ajv;
}

/** Each when it is first asked for: all of them take a quarter of a second, in which nobody else is answered. */
function validatorOf(ajv: Awaited<ReturnType<typeof loadSchemas>>, op: string): ValidateFunction | undefined {
  const known = compiled.get(op);
  const entry = Object.hasOwn(operations, op) ? operations[op as keyof typeof operations] : undefined;
  if (known !== undefined || entry === undefined) return known;
  const made = ajv.compile(entry.shape);
  compiled.set(op, made);
  return made;
}

export const operationOf = (change: JsonObject): Operation | undefined => {
  const { op } = change;
  return typeof op === 'string' && Object.hasOwn(operations, op) ? operations[op as keyof typeof operations] : undefined;
};

/** The changes when every one has its shape, else what is wrong with them. */
export async function shapedChanges(changes: unknown): Promise<readonly JsonObject[] | { readonly issues: readonly Issue[] }> {
  const one = (pointer: string, code: string, detail: string) => ({ issues: [{ pointer, code, detail }] });
  if (!Array.isArray(changes)) return one('/changes', 'type', 'Expected a list of changes.');
  if (changes.length === 0) return one('/changes', 'required', 'The list is empty.');
  if (changes.length > mostChanges) return one('/changes', 'limit', `At most ${mostChanges} changes are made at once.`);
  const beyond = beyondLimits(changes);
  if (beyond !== undefined) return { issues: [beyond] };
  schemas ??= loadSchemas();
  const ajv = await schemas;
  const issues = changes.flatMap((change: unknown, index) => issuesOf((op) => validatorOf(ajv, op), change, `/changes/${index}`));
  return issues.length > 0 ? { issues } : (JSON.parse(JSON.stringify(changes)) as readonly JsonObject[]);
}

function issuesOf(
  validatorFor: (op: string) => ValidateFunction | undefined,
  change: unknown,
  pointer: string,
): readonly Issue[] {
  if (!isObject(change)) return [{ pointer, code: 'type', detail: 'A change is an object with "op".' }];
  const op: unknown = Object.hasOwn(change, 'op') ? change['op'] : undefined;
  if (op === undefined) return [{ pointer, code: 'required', detail: '"op" is missing.' }];
  if (typeof op !== 'string') return [{ pointer: `${pointer}/op`, code: 'type', detail: 'Expected a text.' }];
  const validate = validatorFor(op);
  if (validate === undefined) {
    const detail = `There is no operation "${op.slice(0, 100)}".${didYouMean(op, Object.keys(operations))}`;
    return [{ pointer: `${pointer}/op`, code: 'unknown', detail }];
  }
  return shapeFindings(validate, change).map((found) => ({
    pointer: pointer + found.pointer,
    code: 'invalid',
    detail: found.message,
  }));
}
