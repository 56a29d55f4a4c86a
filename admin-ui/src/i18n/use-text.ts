// The texts of the current language: interface keys, labels from metadata, and the language itself.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Label } from '../../../server/fields/field-type.ts';
import type { PluralLabel } from '../../../server/metadata/types.ts';

/** The label in that language, else in any that it has. */
export function labelIn(language: string, label: Label | undefined): string {
  if (label === undefined) return '';
  return label[language] ?? Object.values(label)[0] ?? '';
}

export function pluralIn(language: string, label: PluralLabel, form: 'one' | 'other'): string {
  return (label[language] ?? Object.values(label)[0])?.[form] ?? '';
}

export interface Text {
  readonly t: (key: string, values?: Readonly<Record<string, unknown>>) => string;
  readonly language: string;
  readonly label: (label: Label | undefined) => string;
  readonly one: (label: PluralLabel) => string;
  readonly many: (label: PluralLabel) => string;
}

export function useText(): Text {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  return useMemo(
    () => ({
      t: (key, values) => t(key, values ?? {}),
      language,
      label: (label) => labelIn(language, label),
      one: (label) => pluralIn(language, label, 'one'),
      many: (label) => pluralIn(language, label, 'other'),
    }),
    [t, language],
  );
}
