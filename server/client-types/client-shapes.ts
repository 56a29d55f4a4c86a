// What the methods of a generated client take and give, by the types of its entities; stands word for word in every generated file.

export interface ClientOptions {
  /** Origin and base path, e.g. `https://example.com/shop/v1`. */
  readonly baseUrl: string;
  /** Gives the access token or API key before each request. */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  readonly fetch?: typeof fetch;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}
export interface WriteOptions extends RequestOptions {
  /** A fresh one is made for each write; give one to repeat the same write after a lost answer. */
  readonly idempotencyKey?: string;
}
export interface ChangeOptions extends WriteOptions {
  /** Refused with `stale_version` when the record has another version by now. */
  readonly ifVersion?: number;
}

/** What the generated types say about one entity. */
export interface EntityTypes {
  readonly record: object;
  readonly create: object;
  readonly update: object;
  readonly filter: object;
  readonly sort: string;
  readonly relations: object;
  readonly operations: string;
}
export type EntityMap<M> = { readonly [E in keyof M]: EntityTypes };

/** A relation to one record, to many, or to a record of any entity. */
export interface One<E> {
  readonly one: E;
}
export interface Many<E> {
  readonly many: E;
}
export interface Any {
  readonly any: true;
}
export interface AnyRecord {
  readonly entity: string;
  readonly id: string;
  readonly display_name: string | null;
}
export interface Included<R> {
  readonly data: readonly R[];
  readonly page: { readonly limit: number; readonly hasNext: boolean };
}
type TargetOf<R> = R extends One<infer E> ? E : R extends Many<infer E> ? E : never;
type RelationsOf<M, E> = E extends keyof M ? (M[E] extends { readonly relations: infer R } ? R : never) : never;
type RecordOf<M, E> = E extends keyof M ? (M[E] extends { readonly record: infer R } ? R : never) : never;

/** `{ author: true, copies: { branch: true } }`; the server follows at most three levels. */
export type Include<M, E> = {
  readonly [R in keyof RelationsOf<M, E>]?: TargetOf<RelationsOf<M, E>[R]> extends never
    ? true
    : true | Include<M, TargetOf<RelationsOf<M, E>[R]>>;
};
type NoInclude = Readonly<Record<never, never>>;
type Below<M, E, I> = RecordOf<M, E> & (I extends true ? unknown : Relations<M, E, I>);
type Relations<M, E, I> = {
  readonly [R in keyof I & keyof RelationsOf<M, E>]: RelationsOf<M, E>[R] extends Many<infer T>
    ? Included<Below<M, T, I[R]>>
    : RelationsOf<M, E>[R] extends One<infer T>
      ? Below<M, T, I[R]> | null
      : AnyRecord | null;
};
type Selected<M, E extends keyof M, F extends keyof RecordOf<M, E>, I> = Pick<RecordOf<M, E>, F> & Relations<M, E, I>;

/** A condition over fields and paths of relations, for what filters cannot say: any, not, some, none, every. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly [quantifier in 'some' | 'none' | 'every']?: { readonly relation: string; readonly where?: Condition } }
  | { readonly fact: string; readonly operator: string; readonly value?: unknown };

export interface Reading<F, I> extends RequestOptions {
  /** Only these fields; all when absent. */
  readonly fields?: readonly F[];
  readonly include?: I;
}
export interface Listing<T extends EntityTypes, F, I> extends Reading<F, I> {
  /** All must hold. */
  readonly filter?: T['filter'];
  readonly where?: Condition;
  /** Words to look for in the search fields. */
  readonly q?: string;
  readonly sort?: T['sort'] | readonly T['sort'][];
  readonly limit?: number;
  readonly after?: string;
  readonly before?: string;
  readonly page?: number;
  readonly count?: 'none' | 'exact' | 'estimated';
  readonly deleted?: 'live' | 'only' | 'with';
}
export interface Page<R> {
  readonly data: readonly R[];
  readonly page: {
    readonly limit: number;
    readonly hasNext: boolean;
    readonly hasPrev: boolean;
    readonly next: string | null;
    readonly prev: string | null;
    readonly total?: number;
    readonly totalIs?: 'exact' | 'estimated';
  };
}

interface Methods<M extends EntityMap<M>, E extends keyof M> {
  /** One page. */
  list<F extends keyof M[E]['record'] = keyof M[E]['record'], const I extends Include<M, E> = NoInclude>(
    query?: Listing<M[E], F, I>,
  ): Promise<Page<Selected<M, E, F & keyof RecordOf<M, E>, I>>>;
  /** This page and those after it, each fetched when it is asked for. */
  pages<F extends keyof M[E]['record'] = keyof M[E]['record'], const I extends Include<M, E> = NoInclude>(
    query?: Listing<M[E], F, I>,
  ): AsyncGenerator<Page<Selected<M, E, F & keyof RecordOf<M, E>, I>>, void, undefined>;
  get<F extends keyof M[E]['record'] = keyof M[E]['record'], const I extends Include<M, E> = NoInclude>(
    id: string,
    options?: Reading<F, I>,
  ): Promise<Selected<M, E, F & keyof RecordOf<M, E>, I>>;
  create(input: M[E]['create'], options?: WriteOptions): Promise<M[E]['record']>;
  /** All or none. */
  createMany(inputs: readonly M[E]['create'][], options?: WriteOptions): Promise<readonly M[E]['record'][]>;
  /** Null clears a field, an absent field stays. */
  update(id: string, patch: M[E]['update'], options?: ChangeOptions): Promise<M[E]['record']>;
  delete(id: string, options?: ChangeOptions): Promise<void>;
  /** Deletes for good. */
  purge(id: string, options?: WriteOptions): Promise<void>;
  restore(id: string, options?: WriteOptions): Promise<M[E]['record']>;
}
interface MethodsOf {
  readonly read: 'list' | 'pages' | 'get';
  readonly create: 'create' | 'createMany';
  readonly update: 'update';
  readonly delete: 'delete';
  readonly purge: 'purge';
  readonly restore: 'restore';
}
/** What the entity offers; whether the caller may do it is decided by the server. */
export type EntityClient<M extends EntityMap<M>, E extends keyof M> = Pick<
  Methods<M, E>,
  MethodsOf[M[E]['operations'] & keyof MethodsOf]
>;
export type Client<M extends EntityMap<M>> = { readonly [E in keyof M]: EntityClient<M, E> };
