// Signing on at an OpenID provider: authorization code with PKCE, nonce and state (OpenID Connect Core 1.0, 3.1; RFC 7636).
import * as client from 'openid-client';
import type { Config } from '../config.ts';
import type { Voucher, Vouchers } from './vouchers.ts';

export interface SignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** On the button. */
  readonly name: string;
  /** Of users made at their first sign-on; without it, nobody is made. */
  readonly role?: string | undefined;
}

/** Undefined where no provider is set. */
export function signOnSettings(
  config: Pick<Config, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcName' | 'oidcRole'>,
): SignOnSettings | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, oidcName: name, oidcRole: role } = config;
  return issuer === undefined || clientId === undefined ? undefined : { issuer, clientId, clientSecret, name, role };
}

/** What the provider says of whoever signed on. */
export interface ForeignUser {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** The provider says (`amr`, RFC 8176) that more than one factor was asked for. */
  readonly secondFactor: boolean;
}

export interface SignOn {
  readonly settings: SignOnSettings;
  /** Where to send the browser, and the voucher that ties the way back to it. */
  begin(returnTo: string): Promise<{ readonly url: string; readonly voucher: string }>;
  /** Undefined for a browser that did not begin this sign-on, or too long ago. @throws what the provider or its answer is wrong with */
  finish(
    query: string,
    voucher: string,
  ): Promise<{ readonly returnTo: string; readonly proof: () => Promise<ForeignUser> } | undefined>;
}

const timeoutSeconds = 10;
const clockToleranceSeconds = 10;
const scope = 'openid email profile';

/** @param redirectUri as it is registered at the provider */
export function signOn(settings: SignOnSettings, redirectUri: string, vouchers: Vouchers): SignOn {
  let discovered: Promise<client.Configuration> | undefined;

  /** Asked for when first needed, so that a provider that is away keeps nobody from starting; a failure is not remembered. */
  function configuration(): Promise<client.Configuration> {
    discovered ??= discover(settings).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  }

  return {
    settings,
    async begin(returnTo) {
      const provider = await configuration();
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return {
        url: url.href,
        voucher: await vouchers.issue('sign_on', { userId: null, details: { verifier, state, nonce, returnTo } }),
      };
    },
    async finish(query, token) {
      const voucher = await vouchers.use('sign_on', token);
      if (voucher === undefined) return undefined;
      const returned = new URL(redirectUri);
      returned.search = query;
      return {
        returnTo: textIn(voucher, 'returnTo'),
        proof: async () => {
          const provider = await configuration();
          const tokens = await client.authorizationCodeGrant(provider, returned, {
            pkceCodeVerifier: textIn(voucher, 'verifier'),
            expectedState: textIn(voucher, 'state'),
            expectedNonce: textIn(voucher, 'nonce'),
            idTokenExpected: true,
          });
          const claims = tokens.claims();
          if (claims === undefined) throw new Error('The provider sent no ID token.');
          // Many providers tell the address only there.
          const more = 'email' in claims ? {} : await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
          return foreignUser(provider.serverMetadata().issuer, { ...more, ...claims });
        },
      };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: SignOnSettings): Promise<client.Configuration> {
  const url = new URL(issuer);
  const metadata = {
    [client.clockTolerance]: clockToleranceSeconds,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
  };
  return client.discovery(url, clientId, metadata, clientSecret === undefined ? client.None() : undefined, {
    timeout: timeoutSeconds,
    // The signature of the ID token is checked although it comes straight from the provider; http is for loopback alone (see config.ts).
    execute: [client.enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : [])],
  });
}

const textIn = ({ details }: Voucher, name: string): string => String(details[name] ?? '');

const longestName = 100;

function foreignUser(issuer: string, claims: Readonly<Record<string, unknown>>): ForeignUser {
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const email = text('email');
  const [first = '', ...rest] = (text('name') ?? email?.split('@')[0] ?? '').split(/\s+/);
  const firstName = text('given_name') ?? first;
  return {
    issuer,
    subject: String(claims['sub']),
    email,
    emailVerified: claims['email_verified'] === true,
    firstName: firstName.slice(0, longestName),
    lastName: (text('family_name') ?? (rest.join(' ') || firstName)).slice(0, longestName),
    secondFactor: Array.isArray(claims['amr']) && claims['amr'].includes('mfa'),
  };
}
