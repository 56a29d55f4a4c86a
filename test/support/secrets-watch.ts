// Secrets that the database keeps, and that nobody may ever be told: looked for in all answers of an application when it stops.
import type { Knex } from 'knex';
import type { Registry } from '../../server/metadata/registry.ts';
import { engineTable, quoted, run } from '../../server/repository/statement.ts';
import type { WatchedAnswer } from './watched-fetch.ts';

/** Tables of the engine, and what of a row is secret, as SQL. */
const kept: readonly (readonly [table: string, secret: string])[] = [
  ['signing_keys', "private_jwk ->> 'd'"],
  ['refresh_tokens', 'token_hash'],
  ['refresh_tokens', 'password_mark'],
  ['api_keys', 'secret_hash'],
  ['second_factors', 'secret'],
  ['recovery_codes', 'code_hash'],
  ['sign_in_vouchers', 'token_hash'],
];

/** Long enough to be random; ids are no secrets, and most of what there is. */
const longWord = /[A-Za-z0-9+/_-]{20,}/g;
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The words of a text that may be secrets. */
const wordsIn = (text: string): readonly string[] => (text.match(longWord) ?? []).filter((word) => !id.test(word));

export class SecretsWatch {
  readonly #words = new Map<string, string>();

  see(request: string, { headers, body }: WatchedAnswer): void {
    // The one answer that tells a secret: whoever sets up a second factor has to enter it in their app.
    if (/^POST \S+\/auth\/totp /.test(request)) return;
    for (const word of wordsIn(`${body} ${[...headers].flat().join(' ')}`))
      if (!this.#words.has(word)) this.#words.set(word, request.slice(0, 200));
  }

  /** @returns a sentence for each secret that some answer held */
  async leaks(knex: Knex, registry: Registry): Promise<readonly string[]> {
    const places = [
      ...kept.map(([table, secret]) => [engineTable(registry.app, table), secret, table] as const),
      ...[...registry.entities.values()].flatMap((entity) =>
        [...entity.fields.values()]
          .filter(({ type }) => type.secret === true)
          .flatMap((field) =>
            field.columns.map(({ name }) => [entity.qualifiedTable, quoted(name), `${entity.name}.${name}`] as const),
          ),
      ),
    ];
    const text = places.map(([table, secret, place]) => `SELECT '${place}' AS place, (${secret})::text AS secret FROM ${table}`);
    const rows = await run<{ place: string; secret: string | null }>(knex, { text: text.join(' UNION ALL '), values: [] });
    return rows.flatMap(({ place, secret }) => {
      const told = wordsIn(secret ?? '').find((word) => this.#words.has(word));
      return told === undefined ? [] : [`${place} is in the answer to ${this.#words.get(told)}`];
    });
  }
}
