// The smallest customisation: laid over what is below it gives what is wanted, and says nothing that it need not say.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { overlayOf, withoutNulls } from '../../../server/metadata/changes/overlay.ts';
import { mergeOver } from '../../../server/metadata/layer.ts';
import type { JsonObject } from '../../../server/metadata/pointer.ts';

/** Keys that layers treat in ways of their own among them. */
const key = fc.constantFrom(
  'a',
  'b',
  'fields',
  'relations',
  'label',
  'default',
  'when',
  'filter',
  'visibleWhen',
  'id',
  'options',
);
const { object } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(0, 1, 'x', 'y', true, null),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
/** What stands in the layers together: null has taken away what it stood for. */
const laid = object.map((value) => withoutNulls(value));

describe('the overlay of two objects', () => {
  test('laid over the first gives the second', () => {
    fc.assert(
      fc.property(laid, laid, (below, wanted) => {
        expect(mergeOver(below, overlayOf(below, wanted), '')).toEqual(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  test('says nothing of what is the same, and needs each of its keys', () => {
    fc.assert(
      fc.property(laid, laid, (below, wanted) => {
        expect(overlayOf(below, below)).toEqual({});
        const overlay = overlayOf(below, wanted);
        for (const left of Object.keys(overlay)) {
          const { [left]: _, ...rest } = overlay;
          expect(mergeOver(below, rest, '')).not.toEqual(wanted);
        }
      }),
    );
  });

  test('takes null for nothing, except in lists and conditions', () => {
    const value = {
      a: null,
      default: null,
      when: { fact: 'x', value: null },
      list: [null],
      fields: { default: { default: null } },
    };
    expect(withoutNulls(value)).toEqual({ when: { fact: 'x', value: null }, list: [null], fields: { default: {} } });
  });
});
