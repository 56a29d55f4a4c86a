// POST /batch: different writes in one transaction; a later one may name what an earlier one has made, as "$0.id".
import { readJson } from '../http/json-body.ts';
import { type Issue, Problem, problem, retold } from '../problem.ts';
import { everything } from '../query/selection.ts';
import { seenEntity } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { wantsMinimal } from './answer.ts';
import { objectIn } from './create.ts';
import { eachOf, refuseTooMany, warningsAt } from './many.ts';
import { parametersOf } from './parameters.ts';
import type { RestContext, RestServices } from './services.ts';
import { jsonType, write, writtenText } from './write.ts';

export const maxOperations = 100;
export const batchOperations = ['create', 'upsert', 'update', 'delete', 'restore'] as const;
type Name = (typeof batchOperations)[number];

type Values = Readonly<Record<string, unknown>>;

interface Operation {
  readonly op: Name;
  readonly entity: string;
  readonly id?: string;
  readonly data: Values;
  readonly onConflict?: string;
  readonly version?: number;
}

/** What an operation came to: the record as the caller may read it. */
type Result = Values & { readonly id: string };

export async function batch(ctx: RestContext, services: RestServices): Promise<void> {
  parametersOf(ctx, []);
  const { value, text } = await readJson(ctx);
  const given = objectIn(value);
  const operations = given['operations'];
  const minimal = wantsMinimal(ctx);
  await write(ctx, services, {
    text,
    run: async (inner) => {
      if (!Array.isArray(operations) || Object.keys(given).length !== 1)
        throw invalid('', 'required', 'A batch is { "operations": […] }.');
      refuseTooMany(operations.length, '/operations', maxOperations);
      const results: Result[] = [];
      const place = (index: number): string => `/operations/${index}`;
      const written = await eachOf(operations, place, async (one) => {
        const operation = operationIn(filledIn(one, results));
        const done = await act(services.repository, inner, operation);
        if (done.pending !== undefined)
          throw problem('conflict', { detail: `${operation.entity} are changed by themselves, not in a batch.` });
        results.push(await resultOf(services.repository, inner, operation, done));
        return { done, operation };
      });
      if (minimal) return { status: 204, headers: {}, body: null };
      const warnings = written
        .flatMap(({ done }, index) => warningsAt(done, `${place(index)}/data`))
        .map((warning) => ({ code: 'possible_duplicate', ...warning }));
      const data = written.map(({ operation: { op, entity }, done: { created, changed } }, index) => ({
        ...{ op, entity, created, changed },
        record: op === 'delete' ? null : results[index],
      }));
      const told = warnings.length === 0 ? { data } : { data, warnings };
      return { status: 200, headers: jsonType, body: JSON.stringify(told) };
    },
  });
}

const invalid = (pointer: string, code: string, detail: string): Problem =>
  problem('validation_failed', { errors: [{ pointer, code, detail }] });

const members = ['op', 'entity', 'id', 'data', 'onConflict', 'version'];

function operationIn(given: unknown): Operation {
  const { op, entity, id, data, onConflict, version, ...others } = objectIn(given);
  const issues: Issue[] = [];
  const wrong = (pointer: string, code: string, detail: string): void => void issues.push({ pointer, code, detail });
  const name = batchOperations.find((one) => one === op);
  if (name === undefined) wrong('/op', 'unknown_value', `Give one of ${batchOperations.join(', ')}.`);
  if (typeof entity !== 'string') wrong('/entity', 'required', 'The plural name of the entity is needed.');
  const isNew = name === 'create' || name === 'upsert';
  if (isNew ? id !== undefined : typeof id !== 'string')
    wrong(
      '/id',
      isNew ? 'unknown' : 'required',
      isNew ? `A record that is made has no id yet.` : 'The id of the record is needed.',
    );
  if (name === 'upsert' ? typeof onConflict !== 'string' : onConflict !== undefined)
    wrong('/onConflict', 'unknown', 'The unique field that decides stands with upsert, and there alone.');
  if (version !== undefined && !(Number.isInteger(version) && (name === 'update' || name === 'delete')))
    wrong('/version', 'type', 'A version is a whole number, for update and delete.');
  const hasData = isNew || name === 'update';
  if (name !== undefined && hasData !== (typeof data === 'object' && data !== null && !Array.isArray(data)))
    wrong('/data', 'type', hasData ? 'A JSON object is needed.' : 'Nothing is set here.');
  for (const other of Object.keys(others)) wrong(`/${other}`, 'unknown', `An operation has ${members.join(', ')}.`);
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
  return {
    op: name as Name,
    entity: String(entity),
    data: (data ?? {}) as Values,
    ...(id === undefined ? {} : { id: String(id) }),
    ...(onConflict === undefined ? {} : { onConflict: String(onConflict) }),
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}

const reference = /^\$(\d{1,3})\.([a-z][a-z0-9_]*)$/;

/** `"$0.id"` becomes that value of the record that the first operation has left; a text that begins so is written `"$$0.id"`. */
function filledIn(value: unknown, results: readonly Result[], pointer = ''): unknown {
  if (Array.isArray(value)) return value.map((one, at) => filledIn(one, results, `${pointer}/${at}`));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filledIn(one, results, `${pointer}/${name}`)]));
  if (typeof value !== 'string') return value;
  const [, index, field = ''] = reference.exec(value) ?? [];
  if (index === undefined) return /^\$\$\d/.test(value) ? value.slice(1) : value;
  const result = results[Number(index)];
  if (result === undefined)
    throw invalid(pointer, 'reference', `"${value}" names an operation that does not stand before this one.`);
  if (!Object.hasOwn(result, field)) throw invalid(pointer, 'reference', `The record of operation ${index} has no "${field}".`);
  return result[field];
}

function act(repository: Repository, context: Context, operation: Operation): Promise<Written> {
  const { op, entity, id = '', data, onConflict = '', version } = operation;
  const options = version === undefined ? {} : { ifVersion: version };
  switch (op) {
    case 'create':
      return repository.create(context, entity, data).catch(belowData);
    case 'upsert':
      return repository.upsert(context, entity, data, onConflict).catch(belowData);
    case 'update':
      return repository.update(context, entity, id, data, options).catch(belowData);
    case 'delete':
      return repository.remove(context, entity, id, options);
    case 'restore':
      return repository.restore(context, entity, id);
  }
}

/** Findings about values stand below `data`. */
const belowData = (error: unknown): never => {
  if (!(error instanceof Problem)) throw error;
  throw retold(error, { errors: error.errors.map((issue) => ({ ...issue, pointer: `/data${issue.pointer}` })) });
};

async function resultOf(
  repository: Repository,
  context: Context,
  { op, entity: name }: Operation,
  written: Written,
): Promise<Result> {
  if (op === 'delete') return { id: written.id, version: written.version };
  const entity = seenEntity(context, name);
  return JSON.parse(await writtenText(repository, context, entity, written, everything)) as Result;
}
