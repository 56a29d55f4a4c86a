// POST /{entity}: one record, or an array of them in one transaction; ?onConflict=<unique field> updates instead.
import { readJson } from '../http/json-body.ts';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Selection } from '../query/ast.ts';
import { parseReadQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import type { Repository, Written } from '../repository/repository.ts';
import { dataText, manyText, wantsMinimal } from './answer.ts';
import { eachOf, refuseTooMany, warningsAt } from './many.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';
import { acceptedAnswer, jsonType, write, writtenHeaders, writtenText } from './write.ts';

type Input = Readonly<Record<string, unknown>>;

const placeOf = (index: number): string => `/${index}`;

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
    refuseTooMany(inputs.length, '');
    const written = await eachOf(inputs, placeOf, (input) => put(wanted, context, objectIn(input)));
    const accepted = written.map(acceptedAnswer).find((answer) => answer !== undefined);
    if (accepted !== undefined) return accepted;
    const status = written.some((record) => record.created) || written.length === 0 ? 201 : 200;
    if (wanted.minimal) return { status, headers: {}, body: null };
    const texts: string[] = [];
    for (const record of written)
      texts.push(await writtenText(wanted.repository, context, wanted.entity, record, wanted.selection));
    return {
      status,
      headers: jsonType,
      body: manyText(
        texts,
        written.flatMap((one, index) => warningsAt(one, placeOf(index))),
      ),
    };
  };

const put = ({ repository, entity, onConflict }: Wanted, context: Context, input: Input): Promise<Written> =>
  onConflict === undefined
    ? repository.create(context, entity.name, input)
    : repository.upsert(context, entity.name, input, onConflict);
