// Access tokens: short-lived signed JWTs (RFC 9068), verified strictly and remembered until they expire.
import { createHash, randomUUID } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Problem, problem } from '../problem.ts';
import type { AuthServices } from './services.ts';
import { type SigningKeys, signingAlgorithm } from './signing-keys.ts';

export const accessTokenSeconds = 15 * 60;
const tokenType = 'at+jwt';
/** Clocks of several nodes may differ by this much. */
const clockToleranceSeconds = 2;
const remembered = 10_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Session {
  readonly userId: string;
  /** The family of refresh tokens that the session lives by. */
  readonly sessionId: string;
}

export interface AccessTokens {
  issue(session: Session): Promise<string>;
  /** @throws problems `token_expired`, `unauthenticated`, each with WWW-Authenticate (RFC 6750, 3) */
  verify(token: string): Promise<Session>;
}

export interface TokenNames {
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
}

/** Names in the tokens follow the application: one application's token is worth nothing to another. */
export function tokenNames(services: AuthServices): TokenNames {
  const { app } = services.registry.current();
  return {
    issuer: services.publicUrl ?? `urn:formwork:${app.name}`,
    audience: `urn:formwork:${app.name}:api`,
    scope: `${app.telemetryNamespace}:*`,
  };
}

export function accessTokens(services: AuthServices, keys: SigningKeys, now: () => number = Date.now): AccessTokens {
  const verified = new Map<string, { readonly session: Session; readonly expires: number }>();

  function remember(key: string, session: Session, expires: number): void {
    if (verified.size >= remembered) for (const oldest of verified.keys()) if (verified.delete(oldest)) break;
    verified.set(key, { session, expires });
  }

  return {
    async issue(session) {
      const { issuer, audience, scope } = tokenNames(services);
      const { kid, privateKey } = await keys.signing();
      const seconds = Math.floor(now() / 1000);
      return new SignJWT({ scope, sid: session.sessionId })
        .setProtectedHeader({ alg: signingAlgorithm, typ: tokenType, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(session.userId)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + accessTokenSeconds)
        .sign(privateKey);
    },

    async verify(token) {
      // Only the digest is kept: a memory dump then holds no usable tokens.
      const key = createHash('sha256').update(token).digest('base64url');
      const known = verified.get(key);
      if (known !== undefined) {
        if (known.expires > now()) return known.session;
        verified.delete(key);
        throw refused('token_expired');
      }
      const payload = await verifiedPayload(services, keys, token, now());
      const session = sessionIn(payload, tokenNames(services));
      remember(key, session, (payload.exp ?? 0) * 1000);
      return session;
    },
  };
}

async function verifiedPayload(services: AuthServices, keys: SigningKeys, token: string, at: number): Promise<JWTPayload> {
  const { issuer, audience } = tokenNames(services);
  // The key is found by `kid` among our own only: keys that a token brings or points to (jwk, jku, x5u) are never looked at.
  const keyOf = async (header: { kid?: string }) => {
    const found = header.kid !== undefined && uuid.test(header.kid) ? await keys.verifying(header.kid) : undefined;
    if (found === undefined) throw refused('unauthenticated');
    return found;
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [signingAlgorithm],
      typ: tokenType,
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'scope', 'exp', 'nbf', 'iat'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(at),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refused('token_expired');
    if (error instanceof errors.JOSEError) throw refused('unauthenticated');
    throw error;
  }
}

/** Claims beyond what the library checks: one audience (not one of several), our scope, ids that are ids. */
function sessionIn(payload: JWTPayload, names: TokenNames): Session {
  const { aud, sub, sid, scope } = payload;
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (aud !== names.audience || !scopes.includes(names.scope)) throw refused('unauthenticated');
  if (typeof sub !== 'string' || typeof sid !== 'string' || !uuid.test(sub) || !uuid.test(sid)) throw refused('unauthenticated');
  return { userId: sub, sessionId: sid };
}

/**
 * WWW-Authenticate of a 401 (RFC 6750, 3): who sent no token learns only the scheme, with the realm that makes it whole.
 * @param invalid what is wrong with the token that was sent; without `"` and `\\`
 */
export const challenge = (invalid?: string): string =>
  `Bearer realm="api"${invalid === undefined ? '' : `, error="invalid_token", error_description="${invalid}"`}`;

/** A 401 about a token that was sent. */
export function refused(
  code: 'unauthenticated' | 'token_expired',
  detail = code === 'token_expired' ? 'The access token has expired.' : 'The access token is not valid.',
): Problem {
  return problem(code, {
    detail,
    headers: { 'WWW-Authenticate': challenge(detail) },
  });
}
