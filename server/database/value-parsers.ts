// How PostgreSQL's text values become JavaScript values: nothing is rounded, nothing gets this machine's time zone.
import pg from 'pg';

// Object identifiers of the built-in types, from PostgreSQL's pg_type.dat.
const oid = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184, interval: 1186, numeric: 1700 } as const;
const arrayOid = { int8: 1016, date: 1182, timestamp: 1115, timestamptz: 1185, interval: 1187, numeric: 1231 } as const;
const textArrayOid = 1009;

// The driver's declarations give parsers a number to read; they read text.
const parseTextArray = new pg.TypeOverrides().getTypeParser(textArrayOid, 'text') as unknown as (text: string) => unknown;
const asWritten = (text: string) => text;

const parsers: Readonly<Record<keyof typeof oid, (text: string) => string>> = {
  int8: asWritten,
  numeric: asWritten,
  date: asWritten,
  interval: asWritten,
  timestamp: (text) => text.replace(' ', 'T'),
  timestamptz: rfc3339,
};

/**
 * The parsers of one connection's settings (`types`). int8, numeric, date and interval stay text; timestamptz becomes
 * RFC 3339 in UTC; their arrays become arrays of the same. They are not set on the driver as a whole, because
 * libraries that share the driver (the queue) rely on its own choice.
 */
export function valueParsers(): InstanceType<typeof pg.TypeOverrides> {
  const types = new pg.TypeOverrides();
  for (const name of Object.keys(oid) as (keyof typeof oid)[]) {
    const parse = parsers[name];
    types.setTypeParser(oid[name], parse);
    types.setTypeParser(arrayOid[name], (text: string) => eachValue(parseTextArray(text), parse));
  }
  return types;
}

/**
 * PostgreSQL's text of a timestamptz, in a session whose time zone is UTC, as RFC 3339 with three decimals or more:
 * `2026-01-31 09:05:00.5+00` → `2026-01-31T09:05:00.500Z`. `infinity` and years BC stay as they are.
 */
export function rfc3339(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text);
  return match === null ? text : `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0')}Z`;
}

function eachValue(value: unknown, parse: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((member) => eachValue(member, parse));
  return typeof value === 'string' ? parse(value) : value;
}
