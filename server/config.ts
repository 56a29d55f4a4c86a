// Every setting the program takes from its environment: one table, read once, checked whole.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  type Certain,
  certain,
  folder,
  isIssuer,
  optional,
  protocolOf,
  type Setting,
  wholeNumber,
  words,
} from './config/readings.ts';
import { errorCode } from './error-code.ts';
import { packageRoot } from './package-root.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The table. Keys are the names in `Config`. */
export const settings = {
  port: certain('PORT', '3000', 'TCP port of the HTTP server; 0 takes any free one', wholeNumber(0, 65_535)),
  host: certain('HOST', '127.0.0.1', 'Address to listen on; 0.0.0.0 (or ::) to be reached from other machines', {
    allowed: 'an IP address or a host name',
    read: (text) => (isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined),
  }),
  databaseUrl: optional('DATABASE_URL', 'PostgreSQL 15 or newer to use; without it an embedded PostgreSQL runs', {
    allowed: 'a URL that begins with postgres:// or postgresql://',
    secret: true,
    // libpq allows an empty host (the socket then stands in ?host=), which the URL standard does not.
    read: (text) => (/^postgres(ql)?:$/.test(protocolOf(text.replace('@/', '@localhost/')) ?? '') ? text : undefined),
  }),
  dataDir: certain(
    'FORMWORK_DATA_DIR',
    () => join(process.cwd(), '.formwork'),
    'Folder of the embedded database and files',
    folder(),
  ),
  metadataDir: certain(
    'FORMWORK_METADATA_DIR',
    () => join(packageRoot(), 'metadata'),
    'Folder of the application to run: its entities, roles, layouts and workflows',
    folder(),
  ),
  demo: certain('FORMWORK_DEMO', '1', 'Whether an empty database is filled with demo records', {
    allowed: '0 or 1',
    read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  }),
  adminEmail: optional('FORMWORK_ADMIN_EMAIL', 'Sign-in name of the administrator made on the first start', {
    allowed: 'an e-mail address',
    read: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined),
  }),
  adminPassword: optional('FORMWORK_ADMIN_PASSWORD', 'Password of the administrator made on the first start', {
    allowed: 'at least 12 characters',
    secret: true,
    read: (text) => (text.length >= 12 ? text : undefined),
  }),
  rateLimit: certain<number | 'off'>('FORMWORK_RATE_LIMIT', '50', 'Requests a second that one caller may keep up', {
    allowed: 'a number above 0, or off',
    read: (text) => (text === 'off' ? 'off' : /^\d{1,7}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : undefined),
  }),
  trustedProxies: certain(
    'FORMWORK_TRUSTED_PROXIES',
    '0',
    'Reverse proxies between callers and the server, whose X-Forwarded-* headers are believed',
    wholeNumber(0, 32),
  ),
  logLevel: certain<LogLevel>('FORMWORK_LOG_LEVEL', 'info', 'Least severe level that is logged', {
    allowed: `one of ${logLevels.join(', ')}`,
    read: (text) => logLevels.find((level) => level === text),
  }),
  publicUrl: optional('FORMWORK_PUBLIC_URL', 'Address under which people reach the server; issuer of its tokens', {
    allowed: 'a URL that begins with http:// or https:// and has no query',
    read: (text) => (/^https?:$/.test(protocolOf(text) ?? '') && !/[?#]/.test(text) ? text.replace(/\/+$/, '') : undefined),
  }),
  secretKey: optional(
    'FORMWORK_SECRET_KEY',
    'Key that encrypts stored secrets; the embedded database has one made in its folder when not set',
    {
      allowed: 'at least 32 characters',
      secret: true,
      read: (text) => (text.length >= 32 ? text : undefined),
    },
  ),
  smtpUrl: optional('FORMWORK_SMTP_URL', 'Mail server for invitations and new passwords', {
    allowed: 'a URL that begins with smtp:// or smtps://',
    secret: true,
    read: (text) => (/^smtps?:$/.test(protocolOf(text) ?? '') ? text : undefined),
  }),
  mailFrom: optional('FORMWORK_MAIL_FROM', 'Sender of its mails', {
    allowed: 'an e-mail address, alone or as Name <address>',
    read: (text) => (/^([^<>\r\n]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/.test(text) ? text : undefined),
  }),
  oidcIssuer: optional('FORMWORK_OIDC_ISSUER', 'OpenID provider to sign on with', {
    allowed: 'a URL that begins with https:// (http:// on this machine only) and has no query',
    read: (text) => (isIssuer(text) ? text : undefined),
  }),
  oidcClientId: optional('FORMWORK_OIDC_CLIENT_ID', 'Name of this application at the OpenID provider', words()),
  oidcClientSecret: optional('FORMWORK_OIDC_CLIENT_SECRET', 'Its secret there; without one it is a public client', {
    ...words(),
    secret: true,
  }),
  oidcName: certain('FORMWORK_OIDC_NAME', 'OpenID', 'How the button to sign on calls the OpenID provider', words()),
  oidcRole: optional(
    'FORMWORK_OIDC_ROLE',
    'Role of users made when they first sign on; without it only known users may',
    words(),
  ),
  workers: certain(
    'FORMWORK_WORKERS',
    '1',
    'Processes that run automation beside the server; 0 runs it inside',
    wholeNumber(0, 64),
  ),
  filesDir: optional('FORMWORK_FILES_DIR', 'Folder of uploaded files; files in FORMWORK_DATA_DIR when not set', folder()),
  maxFileSize: certain(
    'FORMWORK_MAX_FILE_SIZE',
    '52428800',
    'Bytes of the largest file that is taken, whatever a field says',
    wholeNumber(1, 2_147_483_647),
  ),
  s3Bucket: optional(
    'FORMWORK_S3_BUCKET',
    'Bucket of an S3-compatible store that keeps uploaded files instead of a folder',
    words(),
  ),
  s3Endpoint: optional('FORMWORK_S3_ENDPOINT', 'Address of that store; that of Amazon when not set', {
    allowed: 'a URL that begins with http:// or https://',
    read: (text) => (/^https?:$/.test(protocolOf(text) ?? '') ? text : undefined),
  }),
  s3Region: certain('FORMWORK_S3_REGION', 'us-east-1', 'Region of that store', words()),
  s3AccessKey: optional('FORMWORK_S3_ACCESS_KEY', 'Access key id there; without one, what its client finds in its own places', {
    ...words(),
    secret: true,
  }),
  s3SecretKey: optional('FORMWORK_S3_SECRET_KEY', 'Secret access key there', { ...words(), secret: true }),
  poolSize: certain('FORMWORK_POOL_SIZE', '10', 'Most connections to the database from one process', wholeNumber(1, 1000)),
  statementTimeoutMs: certain(
    'FORMWORK_STATEMENT_TIMEOUT_MS',
    '30000',
    'Milliseconds after which the database stops a statement; 0 never',
    wholeNumber(0, 86_400_000),
  ),
} as const;

/** A setting, and the one that it is worth nothing without. */
const together = [
  ['smtpUrl', 'mailFrom'],
  ['oidcIssuer', 'oidcClientId'],
  ['s3Endpoint', 's3Bucket'],
  ['s3AccessKey', 's3SecretKey'],
] as const;

type Settings = typeof settings;
type ValueOf<S> = S extends Certain<infer T> ? T : S extends Setting<infer T> ? T | undefined : never;

/** The checked settings, frozen. */
export type Config = { readonly [K in keyof Settings]: ValueOf<Settings[K]> };

/**
 * Reads and checks every setting. An empty variable counts as not set.
 * @throws Error that names every wrong variable, what it holds and what is allowed
 */
export function loadConfig(env: Environment): Config {
  const wrong: string[] = [];
  const values = Object.entries(settings).map(([key, setting]) => [key, checkedValue(setting, env, wrong)] as const);
  for (const [setting, needed] of together) {
    const [{ variable }, other] = [settings[setting], settings[needed].variable];
    if ((env[variable] || env[`${variable}_FILE`]) && !env[other])
      wrong.push(`${variable} is set and ${other} is not; allowed: both or none`);
  }
  if (wrong.length > 0) throw new Error(`The configuration is not valid:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  // The table and the type are derived from the same object, which Object.entries cannot express.
  return Object.freeze(Object.fromEntries(values)) as unknown as Config;
}

/** The address people use: FORMWORK_PUBLIC_URL, else built from the host and the port really listened on. No trailing slash. */
export function publicUrl(config: Pick<Config, 'publicUrl' | 'host'>, port: number): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? 'localhost' : isIP(config.host) === 6 ? `[${config.host}]` : config.host;
  return `http://${host}:${port}`;
}

function checkedValue(setting: Setting<unknown>, env: Environment, wrong: string[]): unknown {
  const text = textOf(setting, env, wrong) ?? setting.default?.();
  if (text === undefined) return undefined;
  const value = setting.read(text);
  if (value === undefined) {
    const got = setting.secret === true ? `a hidden value of ${text.length} characters` : JSON.stringify(text);
    wrong.push(`${setting.variable} is ${got}; allowed: ${setting.allowed}`);
  }
  return value;
}

function textOf(setting: Setting<unknown>, env: Environment, wrong: string[]): string | undefined {
  const text = env[setting.variable] || undefined;
  const fileVariable = `${setting.variable}_FILE`;
  const file = setting.secret === true ? env[fileVariable] || undefined : undefined;
  if (file === undefined) return text;
  if (text !== undefined) {
    wrong.push(`${setting.variable} and ${fileVariable} are both set; allowed: only one of them`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    wrong.push(
      `${fileVariable} is ${JSON.stringify(file)}, which cannot be read (${errorCode(error)}); allowed: the path of a readable file`,
    );
    return undefined;
  }
}
