// Lengths of time as they are written in forms, spreadsheets and by programs.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { durationSeconds, durationText } from '../../server/fields/duration-text.ts';

test.each([
  ['1h 30m', 5400],
  ['90 min', 5400],
  ['1.5 hours', 5400],
  ['0.1h', 360],
  ['2 days, 3 hrs.', 183_600],
  ['1w', 604_800],
  ['45', 45],
  ['1:30', 5400],
  ['100:00:05', 360_005],
  ['PT1H30M', 5400],
  ['p1dt12h', 129_600],
  ['P2W', 1_209_600],
  ['PT0.5H', 1800],
  ['-PT1M', -60],
  ['-0', 0],
  ['٣ ساعات', undefined],
  ['3 ساعات', 10_800],
  ['2 שעות', 7200],
  ['P1M', undefined],
  ['P1Y', undefined],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['30m 1h', undefined],
  ['1h 1h', undefined],
  ['1 parsec', undefined],
  ['1.5.2h', undefined],
  ['0.0001s', undefined],
  ['1:75', undefined],
  ['', undefined],
  [`${'1'.repeat(200)}`, undefined],
])('%j is %j seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test('every whole number of seconds is read back as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2147483647, max: 2147483647 }), (seconds) => {
      expect(durationSeconds(durationText(seconds))).toBe(seconds);
    }),
  );
});
