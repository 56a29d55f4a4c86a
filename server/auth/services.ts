// What the sign-in parts are made of.
import type { Knex } from 'knex';
import type { FlagSubject, OffFeatures } from '../metadata/features.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import type { Log } from '../telemetry/log.ts';

export interface AuthServices {
  readonly knex: Knex;
  readonly registry: RegistryHolder;
  /** FORMWORK_PUBLIC_URL, when set: issuer of the tokens; https makes the cookie Secure. */
  readonly publicUrl?: string | undefined;
  /** Encrypts the private signing keys in the database; without it they are stored as they are. */
  readonly secretKey?: string | undefined;
  /** Is told of signing keys that the secret does not open. */
  readonly log?: Pick<Log, 'error'> | undefined;
  /** The features that are off for somebody; absent: none is for anybody. */
  readonly offFor?: ((caller: FlagSubject) => Promise<OffFeatures> | OffFeatures) | undefined;
}
