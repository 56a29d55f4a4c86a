// Texts that files break on: formulas and their quotes, separators, other scripts, numbers that are none.
import fc from 'fast-check';

const nasty = [
  '=SUM(A1)',
  "'=1+1",
  "''-x",
  '+442079460958',
  '-5',
  '-5.50',
  '@cmd',
  '\t=1',
  '＝１',
  '00042',
  '12345678901234567890',
  '1e5',
  'a,b;c|d',
  'say "so"',
  '"',
  " ' ",
  'שלום, עולם',
  'مرحبًا؛ "بك"',
  '_x0041_ _x005F_',
  '2024-02-29',
  'true',
  'null',
  '{"a":1}',
  '<b>&amp;</b>',
];

/** Any text without NUL and halves of surrogate pairs, white space around it included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
  fc.tuple(fc.constantFrom('a\nb', 'a\r\nb', '\r', 'x\n'), fc.string({ maxLength: 4 })).map((parts) => parts.join('')),
);

/** The same on one line, with something to be seen in it. */
export const anyLine: fc.Arbitrary<string> = anyText
  .map((text) => text.replace(/[\r\n]/g, ' '))
  .filter((text) => text.trim() !== '');
