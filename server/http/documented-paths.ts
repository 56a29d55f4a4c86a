// How a part of the server describes its routes for the OpenAPI document; app.ts hands the parts to the one that serves it.

/** An OpenAPI 3.1 operation object; `responses` and `parameters` may point into the document's components. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** Path below the base path → method in lower case → operation. `servers` only where a path stands outside of the base. */
export type DocumentedPaths = Readonly<
  Record<
    string,
    Readonly<Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', DocumentedOperation>> & { servers?: readonly unknown[] }>
  >
>;

/** Routes that belong together; shown under one tag. */
export interface DocumentedPart {
  readonly name: string;
  readonly description: string;
  readonly paths: DocumentedPaths;
  /** Path → the feature that it is there with; absent: always. */
  readonly features?: Readonly<Record<string, string>>;
}

/** References to the document's shared problem responses: `problems(400, 401)`. */
export const problems = (...statuses: readonly number[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]));

/** A JSON answer with `{ "data": … }`. */
export const dataResponse = (description: string, schema: unknown, headers?: unknown): Readonly<Record<string, unknown>> => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: {
    'application/json': { schema: { type: 'object', required: ['data'], properties: { data: schema } } },
  },
});

/** A JSON request body. */
export const jsonRequest = (
  schema: unknown,
  types: readonly string[] = ['application/json'],
  required = true,
): Readonly<Record<string, unknown>> => ({
  required,
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});
