// Who asks in the matrix, one user a role, and whose records they ask for: colleagues, people of a team below, reports, a stranger.
import type { TestApp } from '../support/app.ts';
import { signIn } from '../support/requests.ts';
import { roles } from './metadata.ts';
import type { Person } from './oracle.ts';

const password = 'long enough for all';

export interface Caller extends Person {
  readonly email: string;
  /** Access token. */
  token: string;
  /** Somebody whose records `team` means. */
  readonly near: readonly string[];
}

export interface People {
  readonly callers: readonly Caller[];
  /** Of each role somebody for whom their own user record may be deleted and purged. */
  readonly selves: ReadonlyMap<string, Caller>;
  readonly colleague: string;
  readonly stranger: string;
  /** Below the team of the callers. */
  readonly subteam: string;
}

export async function renewToken(app: TestApp, caller: Caller): Promise<void> {
  caller.token = await signIn(app.base, caller.email, password);
}

export async function settlePeople(app: TestApp): Promise<People> {
  const make = (entity: string, input: object): Promise<string> =>
    app.repository.create(app.context(), entity, input as never).then(({ id }) => id);
  const join = (team: string, user: string, role: string): Promise<string> =>
    make('team_members', { team_id: team, user_id: user, role });
  const emailOf = (name: string): string => `${name}@matrix.example`;
  const add = (name: string, role: string, more: object = {}): Promise<string> =>
    make('users', { email: emailOf(name), first_name: 'User', last_name: name, roles: [role], password, ...more });
  const plain = (name: string): Promise<string> => add(name, 'sales_rep');
  const team = await make('teams', { name: 'The team' });
  const subteam = await make('teams', { name: 'The team below', parent_id: team });
  const elsewhere = await make('teams', { name: 'Elsewhere' });
  const [colleague, junior, stranger] = [await plain('colleague'), await plain('junior'), await plain('stranger')];
  await join(team, colleague, 'member');
  await join(subteam, junior, 'member');
  await join(elsewhere, stranger, 'member');
  const ids = new Map<string, string>();
  for (const role of roles.keys()) {
    const id = await add(role, role);
    ids.set(role, id);
    await join(team, id, 'lead');
  }
  const callers: Caller[] = [];
  const selves = new Map<string, Caller>();
  for (const [role, id] of ids) {
    const near = [colleague, junior, await add(`report_${role}`, 'sales_rep', { manager_id: id })];
    const people = new Set([...near, ...ids.values()]);
    callers.push({ id, role, email: emailOf(role), near, people, teams: new Set([team, subteam]), token: '' });
    const self = await add(`self_${role}`, role);
    const alone = { near: [], people: new Set([self]), teams: new Set<string>() };
    selves.set(role, { id: self, role, email: emailOf(`self_${role}`), ...alone, token: '' });
  }
  // What a session is told of its user is known for some seconds: nobody signs in before all teams stand.
  for (const caller of [...callers, ...selves.values()]) await renewToken(app, caller);
  return { callers, selves, colleague, stranger, subteam };
}
