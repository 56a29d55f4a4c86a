// Texts for people: there in every language, and without characters that show something else than is there.
import { labelsOf } from '../labels.ts';
import { step } from '../pointer.ts';
import type { Label } from '../types.ts';
import type { Check, CheckSubject } from './subject.ts';

/**
 * Bidirectional controls reorder what the reader sees (CVE-2021-42574); the others are invisible or break lines.
 * The joiners U+200C and U+200D stay: Persian and Indic scripts need them.
 */
const deceiving = /[\p{Bidi_Control}\p{Cc}\p{Cs}\u{200B}\u{2028}\u{2029}\u{FEFF}]/u;

export const checkTexts: Check = ({ source, layerAt, report }) => {
  for (const { value, pointer, label } of labelsOf(source)) {
    for (const [language, text] of Object.entries(label)) {
      const found = deceiving.exec(text)?.[0];
      if (found === undefined) continue;
      const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      report(value, step(pointer, language), `The text contains the invisible character U+${code}.`);
    }
    const missing = neededLanguages(source.app.languages, layerAt(value, pointer), label).filter(
      (language) => (label[language] ?? '').trim() === '',
    );
    if (missing.length > 0)
      report(value, pointer, `The text in ${missing.map((language) => `"${language}"`).join(' and ')} is missing.`);
  }
};

/**
 * What ships with the engine or a plugin does not know the application's languages: its first one or English is enough.
 * What is made at run time is shown in the first one where it is not translated.
 */
function neededLanguages(
  languages: readonly string[],
  layer: ReturnType<CheckSubject['layerAt']>,
  label: Label,
): readonly string[] {
  if (layer === 'application') return languages;
  const [first = 'en'] = languages;
  if (layer === 'custom') return [first];
  return [label[first] === undefined ? 'en' : first];
}
