// The text of a label in one language, else in the first that it has.
import type { Label } from '../fields/field-type.ts';

export const textIn = (language: string, label: Label | undefined): string =>
  label === undefined ? '' : (label[language] ?? Object.values(label)[0] ?? '');
