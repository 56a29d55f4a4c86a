// What an error of the database means to the caller: SQLSTATE and driver errors to problems, no SQL in any of them.
import { errorCode } from '../error-code.ts';
import { type Problem, type ProblemDetails, problem } from '../problem.ts';

/** A broken rule of the database. `constraint` lets the repository say which field it was. */
export interface Violation {
  readonly kind: 'unique' | 'exclusion' | 'foreignKey' | 'stillReferenced' | 'notNull' | 'check';
  readonly constraint?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
}

/** A problem that came from the database; the driver's error is its `cause`, for the log only. */
export type DatabaseProblem = Problem & {
  readonly sqlState?: string;
  readonly violation?: Violation;
  /** Whether the same transaction may succeed when it is run again from its start. */
  readonly retry: boolean;
};

/** What pg's errors carry beside their message; anything may be missing. */
type Fields = Readonly<Record<string, unknown>>;

interface Meaning {
  readonly make: (details: ProblemDetails) => Problem;
  readonly violation?: Violation['kind'];
  readonly retry?: true;
}

const conflict = (detail: string) => (details: ProblemDetails) => problem('conflict', { detail, ...details });
const invalid = (detail: string) => (details: ProblemDetails) => problem('validation_failed', { detail, ...details });
const unavailable = (detail: string) => (details: ProblemDetails) =>
  problem('unavailable', { detail, headers: { 'Retry-After': '1' }, ...details });
const busy = unavailable('The database cannot be reached or is at its limits.');

/** SQLSTATE, or its two-character class, → meaning. The longest match wins. PostgreSQL manual, appendix A. */
const meanings: Readonly<Record<string, Meaning>> = {
  '08': { make: busy },
  '22': { make: invalid('A value does not fit its field.') },
  '23001': { make: (details) => problem('in_use', details), violation: 'stillReferenced' },
  '23502': { make: invalid('A required value is missing.'), violation: 'notNull' },
  '23503': { make: conflict('A record that is referred to does not exist.'), violation: 'foreignKey' },
  '23505': { make: (details) => problem('unique_conflict', details), violation: 'unique' },
  '23514': { make: invalid('A value breaks a rule of its record.'), violation: 'check' },
  '23P01': { make: conflict('The record excludes another one.'), violation: 'exclusion' },
  '25P03': { make: busy },
  '40001': { make: conflict('The data was changed at the same time.'), retry: true },
  '40P01': { make: conflict('The data was changed at the same time.'), retry: true },
  '42501': { make: (details) => problem('forbidden', details) },
  '53': { make: busy },
  '55P03': { make: unavailable('The record is being changed by somebody else.') },
  '57014': { make: (details) => problem('timeout', details) },
  '57P': { make: busy },
};

const driverCodes = /^(ECONN[A-Z]+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
const driverMessages =
  /Connection terminated|timeout exceeded when trying to connect|Timeout acquiring a connection|client has encountered a connection error|Connection ended unexpectedly|connection is closed/i;

/**
 * The problem to answer with, or undefined when the error is not the caller's or the database's doing (a mistake in
 * our SQL, or not a database error at all): such an error is for the log and a 500.
 */
export function databaseProblem(error: unknown): DatabaseProblem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const fields = error as Fields;
  const sqlState = errorCode(error);
  const meaning = meaningOf(sqlState, fields);
  if (meaning === undefined) return undefined;
  const violation = meaning.violation === undefined ? undefined : violationOf(meaning.violation, fields);
  const missing = violation?.kind === 'notNull' && violation.column !== undefined ? violation.column : undefined;
  const made = meaning.make({
    cause: error,
    ...(missing === undefined ? {} : { errors: [{ pointer: `/${missing}`, code: 'required', detail: 'A value is required.' }] }),
  });
  return Object.assign(made, {
    retry: meaning.retry ?? false,
    ...(sqlState === undefined ? {} : { sqlState }),
    ...(violation === undefined ? {} : { violation }),
  });
}

function meaningOf(sqlState: string | undefined, fields: Fields): Meaning | undefined {
  if (sqlState === undefined) return driverMessages.test(text(fields['message']) ?? '') ? { make: busy } : undefined;
  // A missing socket is a server that is away; another missing file is not.
  if (driverCodes.test(sqlState)) return sqlState === 'ENOENT' && fields['syscall'] !== 'connect' ? undefined : { make: busy };
  // Before PostgreSQL 18 a delete that is held back by a reference has the state of a missing target.
  if (sqlState === '23503' && /still referenced/.test(text(fields['detail']) ?? '')) return meanings['23001'];
  return meanings[sqlState] ?? meanings[sqlState.slice(0, 3)] ?? meanings[sqlState.slice(0, 2)];
}

function violationOf(kind: Violation['kind'], fields: Fields): Violation {
  const named = ['constraint', 'schema', 'table', 'column'].map((name) => [name, text(fields[name])] as const);
  return { kind, ...Object.fromEntries(named.filter(([, value]) => value !== undefined)) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
