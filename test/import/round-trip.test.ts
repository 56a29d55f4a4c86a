// import(export(x)) = x: random records with a field of every type, out and in again by each format, the mapping guessed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exportFile } from '../../server/import/export-file.ts';
import { ndjsonHeader } from '../../server/import/formats/ndjson.ts';
import { openRows } from '../../server/import/formats/open-rows.ts';
import { type FileFormat, fileFormats } from '../../server/import/formats/row-file.ts';
import { guessMapping } from '../../server/import/guess-mapping.ts';
import { importFile } from '../../server/import/import-file.ts';
import { firstRows } from '../../server/import/inspect-file.ts';
import type { ListQuery } from '../../server/query/ast.ts';
import { seenBy, seenEntity } from '../../server/repository/access.ts';
import { specimensRegistry } from '../fields/support/specimens.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { anyLine, anyText } from './any-text.ts';

type Row = Readonly<Record<string, unknown>>;

const options = ['=red', 'deep blue', "'green"].map((value) => ({ value, label: { en: `The ${value}`, ar: `ع ${value}` } }));
const zoned = { min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true };
const decimals = (scale: number): fc.Arbitrary<string> =>
  fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((n) => (n / 10 ** scale).toFixed(scale));
const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });

/** A time as somebody at that offset writes it. */
const instant = fc.tuple(fc.date(zoned), minutes).map(([date, offset]) => {
  const sign = offset < 0 ? '-' : '+';
  const pad = (n: number): string => String(Math.trunc(Math.abs(n))).padStart(2, '0');
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${sign}${pad(offset / 60)}:${pad(offset % 60)}`;
});

/** Type of the field and the values that it may have. */
const fields: Readonly<
  Record<string, readonly [settings: { readonly type: string; readonly [more: string]: unknown }, fc.Arbitrary<unknown>]>
> = {
  line: [{ type: 'text' }, anyLine],
  long: [{ type: 'longText' }, anyText.filter((text) => text.trim() !== '')],
  rich: [{ type: 'richText' }, anyLine.map((text) => `<p>${text.replace(/[&<>]/g, ' ')} <strong>=1</strong></p>`)],
  mail: [{ type: 'email' }, fc.constantFrom('a@example.org', '-b+c@example.com', '"="@example.com'.replace('"="', 'x'))],
  tel: [{ type: 'phone' }, fc.constantFrom('+442079460958', '+14155552671', '+4930901820')],
  site: [{ type: 'url' }, fc.constantFrom('https://example.com/a?b=c;d', 'http://localhost/,')],
  whole: [{ type: 'integer' }, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  big: [{ type: 'integer', big: true }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  exact: [{ type: 'decimal', precision: 30, scale: 4 }, decimals(4).map((text) => `12345678901234${text.replace('-', '')}`)],
  share: [{ type: 'percent' }, decimals(2).map((text) => text.slice(-5).replace(/^[-.]+/, '1'))],
  price: [{ type: 'money', currency: 'EUR' }, decimals(2)],
  yes: [{ type: 'boolean' }, fc.boolean()],
  day: [{ type: 'date' }, fc.date(zoned).map((date) => date.toISOString().slice(0, 10))],
  moment: [{ type: 'dateTime' }, instant],
  clock: [{ type: 'time' }, fc.integer({ min: 0, max: 1439 }).map((n) => new Date(n * 60_000).toISOString().slice(11, 16))],
  span: [{ type: 'duration' }, fc.nat({ max: 10 ** 6 })],
  one: [{ type: 'select', options }, fc.constantFrom(...options.map(({ value }) => value))],
  several: [
    { type: 'multiSelect', options },
    fc.subarray(
      options.map(({ value }) => value),
      { minLength: 1 },
    ),
  ],
  stars: [{ type: 'rating' }, fc.integer({ min: 1, max: 5 })],
  tint: [{ type: 'color' }, fc.constantFrom('#e03131', '#00ff00')],
  place: [{ type: 'geolocation' }, fc.record({ lat: fc.constantFrom(-33.5, 0, 51.25), lng: fc.constantFrom(-0.125, 139.75) })],
  data: [
    { type: 'json' },
    fc.oneof(fc.array(anyText), fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(anyText, fc.integer())), anyLine, fc.boolean()),
  ],
};
const record = fc.record(
  {
    external_id: fc.constantFrom('00042', '=1', "'x", '9007199254740993', 'א-1'),
    name: fc.record({ given: anyLine.map((text) => text.trim()), family: fc.constantFrom('Ω', '=Smith') }),
    home: fc.record({
      city: fc.constantFrom('Oslo', '-X'),
      street: anyText.map((text) => text.trim()).filter((text) => text !== ''),
    }),
    ...Object.fromEntries(Object.entries(fields).map(([name, [, values]]) => [name, values])),
  },
  { requiredKeys: ['external_id', 'name'] },
);

let app: TestApp;
beforeAll(async () => {
  const more = Object.fromEntries(Object.entries(fields).map(([name, [settings]]) => [name, settings]));
  app = await startTestApp({ registry: await specimensRegistry(more) });
});
afterAll(() => app.stop());

const compared = ['external_id', 'name', 'home', ...Object.keys(fields), 'price_currency'];
const query = (selected: readonly string[]): ListQuery => ({
  entity: 'specimens',
  selection: { fields: selected, include: [] },
  sort: [{ field: 'external_id', descending: false }],
  limit: 10,
  count: 'none',
  deleted: 'live',
});
const stored = async (): Promise<readonly Row[]> =>
  (await app.repository.list(app.context(), query(compared))).rows.map((row) => JSON.parse(row) as Row);

async function exported(format: FileFormat): Promise<Buffer> {
  const context = app.context();
  const asked = { context, entity: seenEntity(context, 'specimens'), query: query(compared) };
  const chunks: Buffer[] = [];
  for await (const chunk of exportFile(app.repository, asked, format)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* bytesOf(file: Buffer): AsyncGenerator<Buffer, void> {
  yield file;
}

test.each(fileFormats)(
  'what is exported as %s is the same when it is imported',
  async (format) => {
    const context = app.context({ source: 'import' });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(record, { minLength: 1, maxLength: 3, selector: (one) => one.external_id }),
        async (records) => {
          await purgeAll();
          for (const one of records) await app.repository.create(context, 'specimens', one);
          const before = await stored();
          const file = await exported(format);
          await purgeAll();
          const header = format === 'ndjson' ? await ndjsonHeader(bytesOf(file)) : [];
          const open = () => openRows({ format, header }, bytesOf(file));
          const looked = await open();
          const entity = seenEntity(context, 'specimens');
          const rows = await firstRows(looked.rows, 10);
          const mapping = await guessMapping(app.repository, context, seenBy(context), entity, looked.header, rows);
          const rejects: unknown[] = [];
          await importFile({
            repository: app.repository,
            context,
            entity: 'specimens',
            mapping,
            file: await open(),
            onProgress: (_totals, chunk) => {
              rejects.push(...chunk.rejects);
            },
          });
          const after = await stored();
          expect(rejects).toEqual([]);
          expect(after).toEqual(before);
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  },
  120_000,
);

async function purgeAll(): Promise<void> {
  const { rows } = await app.repository.list(app.context(), query(['id']));
  for (const row of rows) await app.repository.purge(app.context(), 'specimens', (JSON.parse(row) as { readonly id: string }).id);
}
