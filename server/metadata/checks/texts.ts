// Texts for people: there in the fallback language, and without characters that show something else than is there.
import { labelsOf } from '../labels.ts';
import { step } from '../pointer.ts';
import type { Check } from './subject.ts';

/**
 * Bidirectional controls reorder what the reader sees (CVE-2021-42574); the others are invisible or break lines.
 * The joiners U+200C and U+200D stay: Persian and Indic scripts need them.
 */
const deceiving = /[\p{Bidi_Control}\p{Cc}\p{Cs}\u{200B}\u{2028}\u{2029}\u{FEFF}]/u;

export const checkTexts: Check = ({ source, layerOf, report }) => {
  const [fallback] = source.app.languages;
  for (const { value, pointer, label } of labelsOf(source)) {
    for (const [language, text] of Object.entries(label)) {
      const found = deceiving.exec(text)?.[0];
      if (found === undefined) continue;
      const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      report(value, step(pointer, language), `The text contains the invisible character U+${code}.`);
    }
    // What ships with the engine or a plugin speaks English at least; an application speaks its own first language.
    const shared = layerOf(value) === 'platform' || layerOf(value) === 'plugin';
    const has = (language: string | undefined): boolean => language !== undefined && (label[language] ?? '').trim() !== '';
    if (has(fallback) || (shared && has('en'))) continue;
    report(value, pointer, `The text in "${fallback}" is missing, the language that the others fall back to.`);
  }
};
