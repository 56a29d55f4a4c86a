// One role and one entity: asking as the role's user, with an eye on every answer, and counting what was answered as it should be.
import type { Answer, RequestOptions } from '../support/requests.ts';
import { type Caller, renewToken } from './people.ts';
import type { Seed } from './records.ts';
import type { World } from './seeds.ts';

export type Path = 'REST' | 'GraphQL' | 'bulk' | 'export' | 'search';

export class Tally {
  readonly counts = new Map<Path, number>();
  readonly wrong: string[] = [];

  check(path: Path, what: string, got: unknown, expected: unknown): void {
    this.counts.set(path, (this.counts.get(path) ?? 0) + 1);
    if (JSON.stringify(got) !== JSON.stringify(expected))
      this.wrong.push(`${path} ${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
  }

  get line(): string {
    const counts = [...this.counts].map(([path, count]) => `${path} ${count}`).join(', ');
    return `${[...this.counts.values()].reduce((left, right) => left + right, 0)} cases: ${counts}`;
  }
}

export class Cell {
  readonly world: World;
  readonly caller: Caller;
  readonly entity: string;
  readonly at: number;
  readonly seeds: readonly Seed[];
  readonly #tally: Tally;

  constructor(world: World, tally: Tally, caller: Caller, entity: string, at: number) {
    this.world = world;
    this.#tally = tally;
    this.caller = caller;
    this.entity = entity;
    this.at = at;
    this.seeds = world.seedsOf(entity, caller.role);
  }

  /** Of a user record that is one's own the user asks. */
  who(seed?: Seed): Caller {
    const own = this.entity === 'users' && seed?.kind === 'own';
    return (own ? this.world.people.selves.get(this.caller.role) : undefined) ?? this.caller;
  }

  async ask(method: string, path: string, options: RequestOptions = {}, who: Caller = this.caller): Promise<Answer> {
    const { app, canaries } = this.world;
    let answer = await app.request(method, path, { ...options, token: who.token });
    // A slow machine takes longer over all cases than a token lasts.
    if (answer.status === 401) {
      await renewToken(app, who);
      answer = await app.request(method, path, { ...options, token: who.token });
    }
    const asked = options.body === undefined ? '' : ` ${JSON.stringify(options.body)}`;
    canaries.watch(who, `${method} ${path}${asked}`, answer);
    return answer;
  }

  check(path: Path, operation: string, kind: string, got: unknown, expected: unknown): void {
    this.#tally.check(path, `${operation} ${this.entity} ${kind} as ${this.caller.role}`, got, expected);
  }

  /** Brings a record back to where it was before the case. */
  async undo(seed: Seed, operation: string): Promise<void> {
    const { repository, context } = this.world.app;
    const system = context({ source: 'system' });
    if (operation === 'delete') await repository.restore(system, this.entity, seed.id);
    if (operation === 'restore') await repository.remove(system, this.entity, seed.id);
    if (operation === 'delete' && this.who(seed) !== this.caller) await renewToken(this.world.app, this.who(seed));
  }
}

/** 200 stands for whatever success is. */
export const plainStatus = (status: number): number => (status < 300 ? 200 : status);

export const idsIn = (rows: unknown, known: readonly Seed[]): readonly string[] => {
  const found = new Set((Array.isArray(rows) ? rows : []).map((row: { id?: string } | null) => row?.id));
  return known.filter(({ id }) => found.has(id)).map(nameOf);
};

/** A record as failures call it. */
export const nameOf = ({ kind, id }: Seed): string => `${kind} ${id.slice(-6)}`;
