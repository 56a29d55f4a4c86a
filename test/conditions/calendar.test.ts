// Dates, times and instants in their canonical form.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalDate, canonicalDateTime, canonicalTime } from '../../server/conditions/calendar.ts';
import { canonicalOf, commonKind, decimalOf } from '../../server/conditions/values.ts';

describe('a date', () => {
  test.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2023-04-30'])('%s exists', (date) => {
    expect(canonicalDate(date)).toBe(date);
  });
  test.each([
    '2023-02-29',
    '1900-02-29',
    '0000-01-01',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-04-31',
    '2024-1-1',
    '20240101',
    '',
    '2024-01-01T00:00:00Z',
  ])('%j does not', (date) => {
    expect(canonicalDate(date)).toBeUndefined();
  });
  test('agrees with the calendar of Date on every day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const date = new Date(`${text}T00:00:00Z`);
          const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
          expect(canonicalDate(text)).toBe(exists ? text : undefined);
        },
      ),
    );
  });
});

describe('a date-time', () => {
  test.each([
    ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00.000Z'],
    ['2024-02-29t10:00:00z', '2024-02-29T10:00:00.000Z'],
    ['2024-02-29T10:00:00.123456789+05:30', '2024-02-29T04:30:00.123Z'],
    ['2024-01-01T00:00:00-23:59', '2024-01-01T23:59:00.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(canonicalDateTime(given)).toBe(expected);
  });
  test.each([
    '2024-02-29T10:00:00',
    '2024-02-29 10:00:00Z',
    '2024-02-29T24:00:00Z',
    '2024-02-29T23:59:60Z',
    '2023-02-29T10:00:00Z',
    '2024-02-29T10:00Z',
    '2024-02-29T10:00:00+24:00',
    '9999-12-31T23:59:59-01:00',
    '0001-01-01T00:00:00+01:00',
    '2024-02-29T10:00:00.Z',
  ])('%s is none', (given) => {
    expect(canonicalDateTime(given)).toBeUndefined();
  });
});

describe('a time of day', () => {
  test('gets its seconds', () => {
    expect(canonicalTime('09:30')).toBe('09:30:00');
    expect(canonicalTime('23:59:59')).toBe('23:59:59');
  });
  test.each(['24:00', '9:30', '09:60', '09:30:60', '', '09:30Z'])('%j is none', (time) => {
    expect(canonicalTime(time)).toBeUndefined();
  });
});

describe('a canonical value', () => {
  test('is undefined for what is not of the kind', () => {
    expect(canonicalOf(null, 'text')).toBeUndefined();
    expect(canonicalOf(3, 'text')).toBeUndefined();
    expect(canonicalOf({}, 'json')).toBeUndefined();
    expect(canonicalOf('x', 'json')).toBeUndefined();
    expect(canonicalOf('1e5', 'decimal')).toBeUndefined();
    expect(canonicalOf(Number.NaN, 'decimal')).toBeUndefined();
    expect(canonicalOf(['a', 1], 'set')).toBeUndefined();
    expect(canonicalOf(new Date(Number.NaN), 'dateTime')).toBeUndefined();
    expect(canonicalOf(new Date(), 'date')).toBeUndefined();
    expect(canonicalOf('1.5', 'integer')).toBeUndefined();
    expect(canonicalOf(2 ** 53, 'integer')).toBeUndefined();
  });
  test('keeps numbers exact', () => {
    expect(decimalOf(0.1)?.toFixed()).toBe('0.1');
    expect(decimalOf(1e21)?.toFixed()).toBe('1000000000000000000000');
    expect(canonicalOf('12.0', 'integer')).toBe(12);
    expect(canonicalOf('+7.50', 'decimal')).toBe('7.5');
  });
  test('compares whole numbers with decimals, and else only the same kinds', () => {
    expect(commonKind('integer', 'decimal')).toBe('decimal');
    expect(commonKind('date', 'dateTime')).toBeUndefined();
    expect(commonKind('date', 'date')).toBe('date');
  });
});
