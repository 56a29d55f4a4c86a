// Words that occur nowhere else, one in each field of each record: whoever finds one in an answer knows where it came from.
import type { Answer } from '../support/requests.ts';
import { entityFile, type FieldFile } from './metadata.ts';
import { type Facts, fieldOf, levelOf, type Person, reaches, visible } from './oracle.ts';

/** Letters that are in no hexadecimal number and no base for digits. */
const letters = 'ghjkmnprstuvwxyz';
const wordShape = /zq[ghjkmnprstuvwxyz]{6}q|\b[67]\d{9}\b|\+49307\d{7}|\b1[0-4]\d\d-\d\d-\d\d\b/g;

let made = 0;
const nextWord = (): string => {
  made += 1;
  const digits = made.toString(16).padStart(6, '0');
  return `zq${[...digits].map((digit) => letters[Number.parseInt(digit, 16)]).join('')}q`;
};
const nextNumber = (): string => {
  made += 1;
  return String(6_000_000_000 + made);
};
const nextPhone = (): string => {
  made += 1;
  return `+49307${String(1_000_000 + made)}`;
};
const nextDate = (): string => {
  made += 1;
  return new Date(Date.UTC(1000, 0, made)).toISOString().slice(0, 10);
};

/** A value with a canary for a field of this type, and the canary; undefined where none fits in. */
export function canaryFor(name: string, field: FieldFile): { readonly value: unknown; readonly canary: string } | undefined {
  if (field.readOnly === true || field.optionsFrom !== undefined || ['password', 'time_zone'].includes(name)) return undefined;
  // A record does not take a value where it does not show the field.
  if (field.visibleWhen !== undefined) return undefined;
  switch (field.type) {
    case 'text':
    case 'longText':
      return both(nextWord());
    case 'richText':
      return both(nextWord(), (word) => `<p>${word}</p>`);
    case 'email':
      return both(nextWord(), (word) => `${word}@example.com`);
    case 'url':
      return both(nextWord(), (word) => `https://example.com/${word}`);
    case 'address':
      return both(nextWord(), (word) => ({ street: word, city: word }));
    case 'json':
      return both(nextWord(), (word) => ({ en: word }));
    case 'phone':
      return both(nextPhone());
    case 'money':
      return both(nextNumber());
    case 'date':
      return name === 'birthdate' ? both(nextDate()) : undefined;
    default:
      return undefined;
  }
}

const both = (canary: string, value: (canary: string) => unknown = (word) => word) => ({ value: value(canary), canary });

export interface Place {
  readonly record: Facts;
  readonly field: string;
}

export class Canaries {
  readonly #places = new Map<string, Place>();
  readonly #leaks = new Set<string>();
  #answers = 0;

  /** Values with canaries for all fields of a record that can hold one, but for those that are given. */
  fill(
    entity: string,
    given: Readonly<Record<string, unknown>>,
  ): { values: Record<string, unknown>; planted: [string, string][] } {
    const values: Record<string, unknown> = {};
    const planted: [string, string][] = [];
    for (const [name, field] of Object.entries(entityFile(entity).fields)) {
      const made = Object.hasOwn(given, name) ? undefined : canaryFor(name, field);
      if (made === undefined) continue;
      values[name] = made.value;
      planted.push([name, made.canary]);
    }
    return { values: { ...values, ...given }, planted };
  }

  plant(record: Facts, planted: readonly (readonly [string, string])[]): void {
    for (const [field, canary] of planted) this.#places.set(canary, { record, field });
  }

  get planted(): number {
    return this.#places.size;
  }
  get answers(): number {
    return this.#answers;
  }
  get leaks(): readonly string[] {
    return [...this.#leaks].sort();
  }

  /** The places of the canaries in a text, but for those that the request named. */
  found(text: string, request: string): readonly Place[] {
    const words = [...new Set(text.match(wordShape) ?? [])];
    return words.flatMap((word) => {
      const place = this.#places.get(word);
      return place === undefined || request.includes(word) || request.includes(encodeURIComponent(word)) ? [] : [place];
    });
  }

  /** Looks for canaries that this person may not see, in the body and in the headers. */
  watch(who: Person, request: string, answer: Answer): void {
    this.#answers += 1;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    for (const [word] of `${body} ${JSON.stringify([...answer.headers])}`.matchAll(wordShape)) {
      const place = this.#places.get(word);
      if (place === undefined) continue;
      const { record, field } = place;
      // Whoever may read the whole audit log may read there of what is deleted.
      const log = request.startsWith('GET /auditlog') && levelOf(who.role, 'auditlog', 'read') === 'all';
      const shown = visible(who, record) || (log && reaches(who, 'read', record));
      const allowed = shown && fieldOf(who.role, record.entity, field) === 'open';
      if (!allowed && !request.includes(encodeURIComponent(word)))
        this.#leaks.add(
          `${who.role} sees ${record.entity}.${field} of ${record.owner}${record.deleted ? ' (deleted)' : ''}: ${request}`,
        );
    }
  }
}
