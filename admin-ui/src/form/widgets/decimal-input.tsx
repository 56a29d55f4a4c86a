// An input for exact decimals: grouped while read, plain while typed, never through a floating point number.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { formatNumber } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import { editableDecimal, parseDecimalText } from './decimal-text.ts';

interface DecimalInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: string | undefined;
  /** Text that is no number is passed on as it is, so that validation can say so. */
  readonly onChange: (value: string | undefined) => void;
  readonly whole?: boolean;
  /** Digits after the point that are always shown while it is read. */
  readonly digits?: number;
}

const isPlain = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);

export function DecimalInput({ value, onChange, whole = false, digits = 0, readOnly, ...rest }: DecimalInputProps) {
  const { language } = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = value === undefined ? '' : isPlain(value) ? formatNumber(language, value, undefined, digits) : value;
  return (
    <TextInput
      {...rest}
      readOnly={readOnly === true}
      inputMode={whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      value={draft ?? shown}
      onFocus={() => readOnly !== true && setDraft(value === undefined ? '' : editableDecimal(value, language))}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setDraft(text);
        onChange(text.trim() === '' ? undefined : (parseDecimalText(text, language) ?? text));
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
