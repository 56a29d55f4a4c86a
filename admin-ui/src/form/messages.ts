// What a person is told when a JSON Schema keyword is not met.
import i18next from 'i18next';
import type { Issue } from '../api/problem.ts';

const formats: Readonly<Record<string, string>> = {
  email: 'form.error.email',
  'idn-email': 'form.error.email',
  uri: 'form.error.url',
  date: 'form.error.date',
  'date-time': 'form.error.date',
};

const keywords: Readonly<Record<string, string>> = {
  required: 'form.error.required',
  maxLength: 'form.error.maxLength',
  minimum: 'form.error.minimum',
  maximum: 'form.error.maximum',
  exclusiveMinimum: 'form.error.minimum',
  exclusiveMaximum: 'form.error.maximum',
  enum: 'form.error.option',
  oneOf: 'form.error.option',
  uniqueItems: 'form.error.twice',
};

/** What the server says of a value, in the language of the interface where there are words for it. */
export function textOfIssue({ code, detail, limit }: Issue): string {
  const keyword = { required: 'required', min_length: 'minLength', max_length: 'maxLength' }[code];
  return keyword === undefined || (limit === undefined && code !== 'required') ? detail : messageOf(keyword, limit);
}

/** @param limit the value of the keyword in the schema */
export function messageOf(keyword: string, limit: unknown): string {
  if (keyword === 'minLength')
    return limit === 1 ? i18next.t('form.error.required') : i18next.t('form.error.minLength', { limit });
  if (keyword === 'format') return i18next.t(formats[String(limit)] ?? 'form.error.invalid');
  return i18next.t(keywords[keyword] ?? 'form.error.invalid', { limit });
}
