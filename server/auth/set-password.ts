// Gives an account another password, through the repository: checked, hashed and audited like any change of the record.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { Problem, problem } from '../problem.ts';
import { systemActor } from '../repository/actor.ts';
import { type Source, systemContext } from '../repository/context.ts';
import type { RouteParts } from './route-parts.ts';
import { type User, usersEntity } from './users.ts';

export interface NewPassword {
  readonly registry: Registry;
  readonly source: Source;
  readonly password: string;
  /** Member of the body that held it, for the pointer of a refusal. */
  readonly member: string;
  /** Whose it is; in the transaction, so that a voucher is used and the password set together or not at all. */
  readonly user: (transaction: Knex.Transaction) => Promise<User>;
  /** Whatever else belongs to it, in the same transaction. */
  readonly after: (transaction: Knex.Transaction, user: User) => Promise<void>;
}

/**
 * Makes links that were sent before worthless as well.
 * @returns the user
 * @throws problem `validation_failed` with a pointer to the member, and what `user` and `after` throw
 */
export async function setPassword(
  { repository, vouchers }: Pick<RouteParts, 'repository' | 'vouchers'>,
  wanted: NewPassword,
): Promise<User> {
  const { registry, source, password, member } = wanted;
  const engine = systemContext(registry, source);
  try {
    return await repository.transaction(engine, async (context) => {
      const user = await wanted.user(context.transaction);
      // The user changes it, with the engine's right to.
      const actor = { ...systemActor, id: user.id, name: user.name, email: user.email };
      await repository.update({ ...context, actor }, usersEntity, user.id, { password });
      await vouchers.drop(user.id, ['reset', 'invitation', 'second_factor'], context.transaction);
      await wanted.after(context.transaction, user);
      return user;
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
    const errors = error.errors.map((issue) => ({ ...issue, pointer: issue.pointer.replace(/^\/password\b/, `/${member}`) }));
    throw problem('validation_failed', { errors });
  }
}
