// Checks the shape of every metadata object against the JSON Schemas of the engine; findings are sentences.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { FieldType } from '../fields/field-type.ts';
import { packageRoot } from '../package-root.ts';
import { fieldSchema } from './field-schema.ts';
import type { MetadataKind } from './kinds.ts';
import { step } from './pointer.ts';
import { sentence } from './schema-sentence.ts';

export interface ShapeFinding {
  readonly pointer: string;
  readonly message: string;
}

export type CheckShape = (kind: Pick<MetadataKind, 'schema'>, value: unknown) => readonly ShapeFinding[];

const checkers = new WeakMap<ReadonlyMap<string, FieldType>, Promise<CheckShape>>();

/**
 * The engine's own schemas are used for every application. Conditions are left to `checkCondition`, which says more.
 * Made once a catalogue: compiling takes longer than checking all metadata.
 */
export function shapeChecker(fieldTypes: ReadonlyMap<string, FieldType>): Promise<CheckShape> {
  const known = checkers.get(fieldTypes);
  if (known !== undefined) return known;
  const made = makeChecker(fieldTypes);
  checkers.set(fieldTypes, made);
  return made;
}

async function makeChecker(fieldTypes: ReadonlyMap<string, FieldType>): Promise<CheckShape> {
  const ajv = newAjv();
  const folder = join(packageRoot(), 'metadata', 'schemas');
  const derived = ['field.schema.json', 'condition.schema.json'];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json') && !derived.includes(file))) {
    ajv.addSchema(JSON.parse(await readFile(join(folder, name), 'utf8')) as object);
  }
  ajv.addSchema(fieldSchema(fieldTypes));
  ajv.addSchema({ $id: 'condition.schema.json' });
  return ({ schema }, value) => {
    const validate = ajv.getSchema(schema);
    if (validate === undefined) throw new Error(`There is no schema ${schema}`);
    return shapeFindings(validate, value);
  };
}

/** As all shapes of metadata are checked. Compiling takes longer than checking, so nothing is spent on optimising what was compiled. */
export const newAjv = (): Ajv =>
  new Ajv({ allErrors: true, verbose: true, strictTypes: false, strictRequired: false, code: { regExp, optimize: false } });

/** What is wrong with the value, in sentences; each once. */
export function shapeFindings(validate: ValidateFunction, value: unknown): readonly ShapeFinding[] {
  if (validate(value) === true) return [];
  return distinct((validate.errors ?? []).filter(tells).map(finding));
}

/**
 * Linear-time matching, whatever a plugin's schema holds. RE2 knows no lookahead, which only the engine's own patterns use.
 * ajv keeps compiled patterns by their text, hence `toString`.
 */
const regExp = Object.assign(
  (pattern: string, flags: string): { test(text: string): boolean; toString(): string } => {
    if (pattern.includes('(?!')) return new RegExp(pattern, flags);
    const expression = RE2JS.compile(pattern);
    return { test: (text) => expression.matcher(text).find(), toString: () => pattern };
  },
  { code: 'regExp' },
);

/** `if` and `propertyNames` only repeat what the errors inside them say. */
const tells = (error: ErrorObject): boolean => error.keyword !== 'if' && error.keyword !== 'propertyNames';

function finding(error: ErrorObject): ShapeFinding {
  const { keyword, params, instancePath, propertyName } = error;
  const key = keyword === 'additionalProperties' ? String(params['additionalProperty']) : propertyName;
  const pointer = key === undefined ? instancePath : step(instancePath, key);
  const hint =
    keyword === 'additionalProperties'
      ? didYouMean(String(key), Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {}))
      : '';
  return { pointer, message: sentence(error) + hint };
}

const distinct = (findings: readonly ShapeFinding[]): readonly ShapeFinding[] => [
  ...new Map(findings.map((item) => [`${item.pointer}\n${item.message}`, item])).values(),
];
