// The Ed25519 keys that sign access tokens: kept in the database, shared by all nodes, replaced while old ones still verify.
import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Knex } from 'knex';
import { quoted, run } from '../repository/statement.ts';
import { type KeyCipher, keyCipher } from './key-cipher.ts';
import type { AuthServices } from './services.ts';

export const signingAlgorithm = 'EdDSA';

/** A key signs for this long, and verifies a day longer than any token it signed can live. */
const signsDays = 30;
const verifiesDays = 31;
/** Keys made by other nodes and retired keys are seen after at most this long. */
const keptMs = 60_000;
/** Tokens with made-up key ids cause at most one query in this time. */
const shortestReloadMs = 1_000;

export interface SigningKey {
  readonly kid: string;
  readonly publicKey: CryptoKey;
  /** Undefined where the key was encrypted with another secret: it verifies, it cannot sign here. */
  readonly privateKey: CryptoKey | undefined;
  readonly signs: boolean;
}

export interface SigningKeys {
  /** The key to sign with; made when there is none. */
  signing(): Promise<SigningKey & { readonly privateKey: CryptoKey }>;
  /** The public key of a token's `kid`; undefined for an unknown or retired one. */
  verifying(kid: string): Promise<CryptoKey | undefined>;
}

/** Column `private_jwk`: a private JWK whose `d` is in `d_jwe`, encrypted, where there is a secret to encrypt with. */
interface StoredJwk extends JWK {
  readonly d_jwe?: string;
}

interface Row extends Record<string, unknown> {
  readonly kid: string;
  readonly private_jwk: StoredJwk;
  readonly signs: boolean;
}

export function signingKeys(services: AuthServices, now: () => number = Date.now): SigningKeys {
  const cipher = keyCipher(services.secretKey);
  let loaded: { readonly at: number; readonly keys: Promise<readonly SigningKey[]> } | undefined;

  function current(maxAgeMs: number): Promise<readonly SigningKey[]> {
    if (loaded === undefined || now() - loaded.at >= maxAgeMs) {
      const keys = load(services, services.knex, cipher);
      const mine = { at: now(), keys };
      loaded = mine;
      keys.catch(() => {
        if (loaded === mine) loaded = undefined;
      });
    }
    return loaded.keys;
  }

  return {
    async signing() {
      const found = usable(await current(keptMs));
      if (found !== undefined) return found;
      const made = await create(services, cipher);
      loaded = undefined;
      return made;
    },
    async verifying(kid) {
      const find = (keys: readonly SigningKey[]) => keys.find((key) => key.kid === kid)?.publicKey;
      return find(await current(keptMs)) ?? find(await current(shortestReloadMs));
    },
  };
}

function usable(keys: readonly SigningKey[]): (SigningKey & { readonly privateKey: CryptoKey }) | undefined {
  for (const key of keys) if (key.signs && key.privateKey !== undefined) return { ...key, privateKey: key.privateKey };
  return undefined;
}

const table = ({ registry }: AuthServices): string => {
  const { schema, prefix } = registry.current().app;
  return `${quoted(schema)}.${quoted(`${prefix}signing_keys`)}`;
};

/** Newest first. */
async function load(services: AuthServices, database: Knex, cipher: KeyCipher): Promise<readonly SigningKey[]> {
  const rows = await run<Row>(database, {
    text: `SELECT kid, private_jwk, created_at > now() - make_interval(days => ${signsDays}) AS signs FROM ${table(services)}
      WHERE retired_at IS NULL AND created_at > now() - make_interval(days => ${verifiesDays}) ORDER BY created_at DESC, kid`,
    values: [],
  });
  return Promise.all(rows.map((row) => imported(row, cipher)));
}

async function imported(row: Row, cipher: KeyCipher): Promise<SigningKey> {
  const { d_jwe, d: plain, ...open } = row.private_jwk;
  const d = d_jwe === undefined ? plain : await cipher.decrypt(d_jwe);
  return {
    kid: row.kid,
    publicKey: await cryptoKey(open),
    privateKey: d === undefined ? undefined : await cryptoKey({ ...open, d }),
    signs: row.signs,
  };
}

const cryptoKey = async (jwk: JWK): Promise<CryptoKey> => {
  const key = await importJWK(jwk, signingAlgorithm);
  if (key instanceof Uint8Array) throw new Error('A signing key is not an Ed25519 key');
  return key;
};

/** Nothing is lost by another secret: tokens verify as before, and new ones get a new key. It must be heard of all the same. */
const wrongSecret = ({ secretKey }: AuthServices): string =>
  `FORMWORK_SECRET_KEY ${secretKey === undefined ? 'is not set' : 'is another one'}: the signing keys in the database cannot be decrypted. Their tokens stay good, and a new key is made.`;

/** Nodes that start together agree on one key: whoever gets the lock second finds the first one's. */
function create(services: AuthServices, cipher: KeyCipher): Promise<SigningKey & { readonly privateKey: CryptoKey }> {
  return services.knex.transaction(async (transaction) => {
    await run(transaction, { text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', values: [table(services)] });
    const found = await load(services, transaction, cipher);
    const existing = usable(found);
    if (existing !== undefined) return existing;
    if (found.some((key) => key.signs)) services.log?.error({ kids: found.map(({ kid }) => kid) }, wrongSecret(services));
    const pair = await generateKeyPair(signingAlgorithm, { crv: 'Ed25519', extractable: true });
    const kid = randomUUID();
    const { d = '', ...open } = await exportJWK(pair.privateKey);
    const encrypted = await cipher.encrypt(d);
    const stored: StoredJwk = encrypted === undefined ? { ...open, d } : { ...open, d_jwe: encrypted };
    await run(transaction, {
      text: `INSERT INTO ${table(services)} (kid, private_jwk) VALUES ($1, $2)`,
      values: [kid, JSON.stringify(stored)],
    });
    return { kid, publicKey: pair.publicKey, privateKey: pair.privateKey, signs: true };
  });
}
