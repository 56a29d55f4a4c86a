// POST /{entity}: one record, or an array of them in one transaction; ?onConflict=<unique field> updates instead.
import { readJson } from '../http/json-body.ts';
import type { Entity } from '../metadata/registry.ts';
import { type Issue, Problem, problem } from '../problem.ts';
import type { Selection } from '../query/ast.ts';
import { parseReadQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { dataText, manyText, wantsMinimal } from './answer.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';
import { acceptedAnswer, jsonType, write, writtenHeaders, writtenText } from './write.ts';

type Input = Readonly<Record<string, unknown>>;

export const maxRecords = 1_000;
/** An array of bad records is told of this many findings at most. */
const maxIssues = 100;

interface Wanted {
  readonly repository: Repository;
  readonly entity: Entity;
  readonly selection: Selection;
  readonly minimal: boolean;
  readonly onConflict: string | undefined;
}

export async function create(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  const parameters = new URLSearchParams(ctx.querystring);
  const onConflict = parameters.get('onConflict') ?? undefined;
  parameters.delete('onConflict');
  const selection = parseReadQuery(seenBy(ctx.state.context), entity, parameters);
  const body = await readJson(ctx);
  const wanted: Wanted = { repository: services.repository, entity, selection, minimal: wantsMinimal(ctx), onConflict };
  const run = Array.isArray(body.value) ? many(wanted, body.value) : one(wanted, objectIn(body.value));
  await write(ctx, services, { entity, operation: 'create', text: body.text, run });
}

/** @throws problem `validation_failed` when a body is not a JSON object */
export function objectIn(value: unknown, pointer = ''): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw problem('validation_failed', { errors: [{ pointer, code: 'type', detail: 'A JSON object is needed.' }] });
}

const one =
  (wanted: Wanted, input: Input) =>
  async (context: Context): Promise<StoredResponse> => {
    const written = await put(wanted, context, input);
    const accepted = acceptedAnswer(written);
    if (accepted !== undefined) return accepted;
    const status = written.created ? 201 : 200;
    const headers = writtenHeaders(context, wanted.entity, written);
    if (wanted.minimal) return { status: written.created ? 201 : 204, headers, body: null };
    const text = await writtenText(wanted.repository, context, wanted.entity, written, wanted.selection);
    return { status, headers: { ...headers, ...jsonType }, body: dataText(text, written.warnings) };
  };

const many =
  (wanted: Wanted, inputs: readonly unknown[]) =>
  async (context: Context): Promise<StoredResponse> => {
    if (inputs.length > maxRecords) {
      throw problem('validation_failed', {
        errors: [{ pointer: '', code: 'too_many', detail: `At most ${maxRecords} records in one request.` }],
      });
    }
    const written = await putAll(wanted, context, inputs);
    const accepted = written.map(acceptedAnswer).find((answer) => answer !== undefined);
    if (accepted !== undefined) return accepted;
    const status = written.some((record) => record.created) || written.length === 0 ? 201 : 200;
    if (wanted.minimal) return { status, headers: {}, body: null };
    const texts: string[] = [];
    for (const record of written)
      texts.push(await writtenText(wanted.repository, context, wanted.entity, record, wanted.selection));
    return { status, headers: jsonType, body: manyText(texts, written.flatMap(warningsAt)) };
  };

/** Of one record of several, saying which. */
const warningsAt = ({ warnings = [] }: Written, index: number) =>
  warnings.map((warning) => ({ ...warning, pointers: warning.pointers.map((pointer) => `/${index}${pointer}`) }));

const put = ({ repository, entity, onConflict }: Wanted, context: Context, input: Input): Promise<Written> =>
  onConflict === undefined
    ? repository.create(context, entity.name, input)
    : repository.upsert(context, entity.name, input, onConflict);

/** All or none. Findings of several records are told together, each under its place in the array. */
async function putAll(wanted: Wanted, context: Context, inputs: readonly unknown[]): Promise<readonly Written[]> {
  const issues: Issue[] = [];
  const written: Written[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      written.push(await put(wanted, context, objectIn(input)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const found = error.errors.map((issue) => ({ ...issue, pointer: `/${index}${issue.pointer}` }));
      if (error.code !== 'validation_failed' || found.length === 0) throw at(error, index, found);
      issues.push(...found);
      if (issues.length >= maxIssues) break;
    }
  }
  if (issues.length > 0) throw problem('validation_failed', { errors: issues.slice(0, maxIssues) });
  return written;
}

/** The problem of one record of several, saying which. */
const at = (error: Problem, index: number, errors: readonly Issue[]): Problem =>
  problem(error.code, {
    detail: error.detail ?? error.title,
    errors: errors.length > 0 ? errors : [{ pointer: `/${index}`, code: error.code, detail: error.detail ?? error.title }],
    headers: error.headers,
    extra: error.extra,
    cause: error,
  });
