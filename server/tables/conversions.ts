// Which column type becomes which: what it costs, the expression that converts, and the rows that will not convert.

export interface Conversion {
  readonly cost: 'instant' | 'rewrite';
  /** USING expression over the quoted column. */
  readonly using: (column: string) => string;
  /** Predicate of the rows whose value cannot be converted or would lose digits; null: every value converts. */
  readonly invalid: ((column: string) => string) | null;
}

interface Type {
  readonly base: string;
  readonly arguments: readonly number[];
}

/** `numeric(19,4)` → numeric and [19, 4]; `timestamp(3) with time zone` → `timestamp with time zone` and [3]. */
function parsed(type: string): Type {
  const match = /^([^(]+)\(([\d,]+)\)(.*)$/.exec(type);
  if (match === null) return { base: type, arguments: [] };
  return { base: `${match[1]}${match[3]}`, arguments: (match[2] ?? '').split(',').map(Number) };
}

/** Undefined where no conversion is known: such a change needs a new field. */
export function conversion(from: string, to: string): Conversion | undefined {
  const [source, target] = [parsed(from), parsed(to)];
  if (source.base === target.base) return sameBase(source, target, to);
  if (isHtml(to)) return from === 'text' ? rewrite(null, htmlOf)(to) : undefined;
  if (isHtml(from)) return to === 'text' ? rewrite(null, textOf)(to) : undefined;
  const convert = conversions[`${source.base} → ${target.base}`] ?? (isText(target.base) ? toText : undefined);
  return convert?.(to, target);
}

/** The column type of formatted text (fields/rich-text.ts), and of nothing else: what was no HTML must not pass for some. */
const isHtml = (type: string): boolean => type === 'character varying';
const isText = (base: string): boolean => base === 'text' || base === 'character varying';
const cast = (to: string) => (column: string) => `${column}::${to}`;
const unlike = (pattern: string) => (column: string) => `${column}::text !~ '${pattern}'`;

/** The same type with other bounds: widening is free, narrowing must be proven on the data. */
function sameBase(source: Type, target: Type, to: string): Conversion {
  const [before, after] = [source.arguments, target.arguments];
  if (source.base === 'numeric' && after.length === 2) {
    const [precision = 0, scale = 0] = after;
    const widens = before.length === 2 && before[1] === scale && precision >= (before[0] ?? 0);
    return widens ? free(to) : { cost: 'rewrite', using: cast(to), invalid: digitsLost(precision, scale) };
  }
  if (source.base === 'character varying' && after.length === 1) {
    const widens = before.length === 1 && (after[0] ?? 0) >= (before[0] ?? 0);
    return widens ? free(to) : { cost: 'rewrite', using: cast(to), invalid: (column) => `length(${column}) > ${after[0]}` };
  }
  const widens = after.length === 0 || (before[0] ?? 0) <= (after[0] ?? 0);
  return widens ? free(to) : { cost: 'rewrite', using: cast(to), invalid: null };
}

const free = (to: string): Conversion => ({ cost: 'instant', using: cast(to), invalid: null });

const digitsLost = (precision: number, scale: number) => (column: string) =>
  `(round(${column}::numeric, ${scale}) <> ${column}::numeric OR abs(${column}::numeric) >= 1e${precision - scale})`;

const outside = (lowest: string, highest: string) => (column: string) =>
  `(${column} <> trunc(${column}) OR ${column} NOT BETWEEN ${lowest} AND ${highest})`;
const int4 = ['-2147483648', '2147483647'] as const;
const int8 = ['-9223372036854775808', '9223372036854775807'] as const;

const rewrite =
  (invalid: Conversion['invalid'], using?: Conversion['using']) =>
  (to: string): Conversion => ({ cost: 'rewrite', using: using ?? cast(to), invalid });

const toText = (to: string, target: Type): Conversion => {
  const [length] = target.arguments;
  return {
    cost: 'rewrite',
    using: cast(to),
    invalid: length === undefined ? null : (column) => `length(${column}::text) > ${length}`,
  };
};

const toNumeric = (to: string, target: Type): Conversion => {
  const [precision, scale = 0] = target.arguments;
  return { cost: 'rewrite', using: cast(to), invalid: precision === undefined ? null : digitsLost(precision, scale) };
};

const day = '(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const isoDate = `^${day}$`;
const isoTime = `^${day}[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-](0\\d|1[0-4])(:?[0-5]\\d)?)?$`;
const uuid = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
/** The pattern, and the day within its month; only where the pattern holds are the digits looked at. */
const noDay = (pattern: string) => (column: string) => {
  const number = (from: number, length: number): string => `substr(${column}, ${from}, ${length})::integer`;
  const first = `make_date(${number(1, 4)}, ${number(6, 2)}, 1)`;
  return `CASE WHEN ${column} !~ '${pattern}' THEN true ELSE ${number(9, 2)} > extract(day FROM ${first} + interval '1 month - 1 day') END`;
};
/** In the words of fields/html.ts: `htmlOfText`, and without tags and entities. No text makes no HTML. */
const htmlOf = (text: string): string =>
  `'<p>' || replace(replace(replace(replace(nullif(${text}, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\\n', '<br />') || '</p>'`;
const textOf = (html: string): string => {
  const broken = `regexp_replace(${html}, '<br ?/?>|</(p|h[1-4]|li|blockquote|pre)>', E'\\n', 'g')`;
  const bare = `regexp_replace(${broken}, '<[^>]*>', '', 'g')`;
  return `rtrim(replace(replace(replace(replace(${bare}, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&'), E'\\n')`;
};
const truth = '^(true|false|t|f|yes|no|y|n|on|off|1|0)$';
const zoned = 'timestamp with time zone';

/** Text is trimmed by PostgreSQL's own casts only where the patterns allow no space, so none is allowed. */
const conversions: Readonly<Record<string, (to: string, target: Type) => Conversion>> = {
  'character varying → text': free,
  'text → integer': rewrite(unlike('^[+-]?\\d{1,9}$')),
  'text → bigint': rewrite(unlike('^[+-]?\\d{1,18}$')),
  'text → numeric': (to, target) => {
    const [precision = 38, scale = 10] = target.arguments;
    return rewrite(unlike(`^[+-]?\\d{1,${precision - scale}}(\\.\\d{1,${Math.max(scale, 1)}})?$`))(to);
  },
  'text → boolean': rewrite((column) => `lower(${column}) !~ '${truth}'`),
  'text → date': rewrite(noDay(isoDate)),
  [`text → ${zoned}`]: rewrite(noDay(isoTime)),
  'text → uuid': rewrite(unlike(uuid)),
  'text → jsonb': rewrite(null, (column) => `to_jsonb(${column})`),
  'text → text[]': rewrite(null, (column) => `CASE WHEN ${column} IS NOT NULL THEN ARRAY[${column}] END`),
  'text[] → text': rewrite(null, (column) => `array_to_string(${column}, ';')`),
  'integer → bigint': rewrite(null),
  'bigint → integer': rewrite((column) => `${column} NOT BETWEEN ${int4[0]} AND ${int4[1]}`),
  'integer → numeric': toNumeric,
  'bigint → numeric': toNumeric,
  'numeric → integer': rewrite(outside(...int4)),
  'numeric → bigint': rewrite(outside(...int8)),
  'boolean → integer': rewrite(null),
  'integer → boolean': rewrite((column) => `${column} NOT IN (0, 1)`),
  [`date → ${zoned}`]: rewrite(null, (column) => `${column}::timestamp AT TIME ZONE 'UTC'`),
  [`${zoned} → date`]: rewrite(null, (column) => `(${column} AT TIME ZONE 'UTC')::date`),
};
