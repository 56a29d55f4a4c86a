// The logger: one JSON line an event on standard output, secrets blanked.
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';

export type Log = Logger;

const secretNames = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'password',
  'otp',
  'secret',
  'secretKey',
  'token',
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken',
];

/** Pino's wildcards match one level, so each name is listed for the depths at which headers and bodies are logged. */
const redact = secretNames.flatMap((name) => {
  const dotted = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${dotted}`, `*.*${dotted}`];
});

/**
 * Makes the process's logger.
 * @param options.level least severe level written
 * @param options.name the program's part, e.g. `server` or `worker`
 * @param destination where lines go; standard output by default
 */
export function createLog(options: { level: LogLevel; name?: string }, destination?: DestinationStream): Log {
  const settings = {
    level: options.level,
    ...(options.name === undefined ? {} : { name: options.name }),
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redact, censor: '[redacted]' },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}
