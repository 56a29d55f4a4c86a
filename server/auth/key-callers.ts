// Who asks with an API key: its owner, with those roles of the key that the owner could give to a key today.
import { createHash } from 'node:crypto';
import type { Registry } from '../metadata/registry.ts';
import { refused } from './access-tokens.ts';
import { actorOf } from './actor-of.ts';
import { type ApiKeys, apiKeys } from './api-keys.ts';
import { mayGrant } from './granting.ts';
import { recently } from './recently.ts';
import type { AuthServices } from './services.ts';
import { type User, userById } from './users.ts';

export interface KeyCaller {
  readonly keyId: string;
  /** The owner with the roles of the key. */
  readonly user: User;
}

export interface KeyCallers {
  /** @throws problem `unauthenticated` for a text that is no live key of an active user */
  current(text: string, address: string): Promise<KeyCaller>;
  /** The next request with the key reads again. */
  forget(keyId: string): void;
}

export function keyCallers(
  services: Pick<AuthServices, 'knex' | 'registry'>,
  now: () => number = Date.now,
  keys: Pick<ApiKeys, 'open'> = apiKeys(services),
): KeyCallers {
  const { knex, registry } = services;
  // Only digests are kept: a memory dump holds no usable key.
  const keyOf = ({ text }: { readonly text: string }): string =>
    `${text.slice(4, 36)} ${createHash('sha256').update(text).digest('base64url')}`;
  const recent = recently(
    keyOf,
    async ({ text, address }: { readonly text: string; readonly address: string }): Promise<KeyCaller | undefined> => {
      const key = await keys.open(text, address);
      const owner = key === undefined ? undefined : await userById(knex, registry.current(), key.user_id);
      if (key === undefined || owner?.active !== true) return undefined;
      const roles = rolesOfKey(registry.current(), owner, key.roles);
      return { keyId: key.id, user: { ...owner, roles } };
    },
    now,
  );
  return {
    async current(text, address) {
      const caller = await recent.get({ text, address });
      if (caller === undefined) throw refused('unauthenticated', 'The API key is not valid.');
      return caller;
    },
    forget: (keyId) => recent.forget((key) => key.startsWith(keyId.replaceAll('-', ''))),
  };
}

/** What an owner has lost since, a key of theirs no longer does. */
export function rolesOfKey(registry: Registry, owner: User, roles: readonly string[]): readonly string[] {
  const lost = mayGrant(registry, actorOf(owner, registry), roles);
  return roles.filter((role) => isForKeys(registry, role) && !lost.includes(role));
}

/** Whether the metadata let a role be given to keys. */
export const isForKeys = (registry: Registry, role: string): boolean =>
  registry.roles.get(role)?.assignableTo?.includes('apiKey') === true;
