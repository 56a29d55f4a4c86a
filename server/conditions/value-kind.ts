// The kinds of values that operators compare; each field type has one, each operator lists those it takes.

/**
 * - `text` JS string · `decimal` decimal string, compared as a number · `integer` JS number · `boolean`
 * - `date` `YYYY-MM-DD` · `dateTime` RFC 3339, compared as an instant · `time` `HH:MM[:SS]`
 * - `id` uuid string · `set` array of strings · `json` anything, only isEmpty
 */
export type ValueKind = 'text' | 'decimal' | 'integer' | 'boolean' | 'date' | 'dateTime' | 'time' | 'id' | 'set' | 'json';
