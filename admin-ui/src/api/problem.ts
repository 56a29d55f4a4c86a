// What the server answers when it refuses: an RFC 9457 problem, as an error to catch.

export interface Issue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** The number that the value does not keep. */
  readonly limit?: number;
}

export class ApiProblem extends Error {
  readonly status: number;
  /** Stable code of the server's catalogue; `network` when no answer came. */
  readonly code: string;
  readonly title: string;
  readonly issues: readonly Issue[];
  /** The whole body, for extension members such as `current`. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, title: string, body: Readonly<Record<string, unknown>> = {}) {
    const detail = body['detail'];
    super(typeof detail === 'string' ? detail : title);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.issues = Array.isArray(body['errors']) ? (body['errors'] as Issue[]) : [];
    this.body = body;
  }
}

/** Reads a refused answer; a body that is no problem document still gives a problem. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null) return new ApiProblem(response.status, 'unknown', response.statusText);
  const { code, title } = body as { code?: unknown; title?: unknown };
  return new ApiProblem(
    response.status,
    typeof code === 'string' ? code : 'unknown',
    typeof title === 'string' ? title : response.statusText,
    body as Record<string, unknown>,
  );
}
