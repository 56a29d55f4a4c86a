// The catalogue of problems: every error that leaves the server is one of these (RFC 9457, application/problem+json).

/** One finding about the input. `pointer` is an RFC 6901 JSON pointer into the body, or `?name` for a query parameter. */
export interface Issue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** The number that a value does not keep, for those who say it in other words. */
  readonly limit?: number;
}

/** code → HTTP status and title. The code is stable and public; the title may be reworded. */
export const problems = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  unknown_parameter: { status: 400, title: 'Unknown query parameter' },
  invalid_query: { status: 400, title: 'The query is not valid' },
  idempotency_key_missing: { status: 400, title: 'Idempotency-Key is required' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  token_expired: { status: 401, title: 'The access token has expired' },
  invalid_credentials: { status: 401, title: 'E-mail or password is wrong' },
  second_factor_required: { status: 401, title: 'A second factor is needed' },
  invalid_code: { status: 401, title: 'The code is wrong' },
  forbidden: { status: 403, title: 'Not allowed' },
  second_factor_enrolment_required: { status: 403, title: 'Set up a second factor first' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'No acceptable representation' },
  conflict: { status: 409, title: 'Conflict with the current state' },
  unique_conflict: { status: 409, title: 'The value is already used' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still running' },
  idempotency_rights_changed: { status: 409, title: 'Your rights have changed since the request was carried out' },
  too_many_affected: { status: 409, title: 'More records match than may be affected' },
  mail_not_configured: { status: 409, title: 'This server sends no mail' },
  duplicate: { status: 409, title: 'There is such a record already' },
  possible_duplicate: { status: 409, title: 'There may be such a record already' },
  merge_changed: { status: 409, title: 'The records have changed since they were merged' },
  merged: { status: 410, title: 'The record was merged into another' },
  in_use: { status: 409, title: 'The record is still used' },
  stale_version: { status: 412, title: 'The record has changed since it was read' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported content type' },
  range_not_satisfiable: { status: 416, title: 'There is no such part of the file' },
  validation_failed: { status: 422, title: 'The values are not valid' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  precondition_required: { status: 428, title: 'If-Match is required' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  timeout: { status: 504, title: 'The database took too long' },
} as const;

export type ProblemCode = keyof typeof problems;

export interface ProblemDetails {
  /** One sentence on this very occurrence. */
  readonly detail?: string;
  readonly errors?: readonly Issue[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members of the body, e.g. `current` for a stale version. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    const detail = details.detail ?? onlyDetail(details.errors ?? []);
    super(detail ?? problems[code].title, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = problems[code].status;
    this.title = problems[code].title;
    this.detail = detail;
    this.errors = details.errors ?? [];
    this.headers = details.headers ?? {};
    this.extra = details.extra ?? {};
  }
}

/** Findings speak for the problem where it says nothing itself. */
const onlyDetail = (errors: readonly Issue[]): string | undefined =>
  errors.length > 1 ? `${errors[0]?.detail} There are ${errors.length} findings.` : errors[0]?.detail;

/**
 * Makes the error to throw. The only way errors for callers are made.
 * @example throw problem('validation_failed', { errors: [{ pointer: '/email', code: 'format', detail: 'Not an e-mail address' }] })
 */
export function problem(code: ProblemCode, details?: ProblemDetails): Problem {
  return new Problem(code, details);
}

/** The same problem as part of something larger: with other places, or more said. */
export const retold = (error: Problem, over: Pick<ProblemDetails, 'errors' | 'extra'>): Problem =>
  problem(error.code, {
    detail: error.detail ?? error.title,
    errors: over.errors ?? error.errors,
    headers: error.headers,
    extra: { ...error.extra, ...over.extra },
    cause: error,
  });

/** The RFC 9457 body of a problem. `instance` is the request path. */
export function problemBody(error: Problem, request: { instance?: string; requestId?: string }): Record<string, unknown> {
  return {
    type: `urn:formwork:problem:${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(request.instance === undefined ? {} : { instance: request.instance }),
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...error.extra,
  };
}
