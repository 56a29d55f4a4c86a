// Any JSON value as text; what does not parse is told and not passed on.
import { JsonInput } from '@mantine/core';
import type { FieldProps, RJSFSchema } from '@rjsf/utils';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import classes from '../form.module.css';
import type { RecordFormContext } from '../form-context.ts';

type Props = FieldProps<Record<string, unknown>, RJSFSchema, RecordFormContext>;

const textOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

export function JsonField(props: Props) {
  const { t } = useText();
  const { fieldPathId, formData, schema, uiSchema, name, registry, required, rawErrors, onChange } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  const readOnly = props.readonly === true || registry.formContext.readOnly.has(name);
  const help = uiSchema?.['ui:help'];
  const change = (text: string): void => {
    setDraft(text);
    try {
      const value = text.trim() === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
      setBroken(false);
      onChange(value, fieldPathId.path);
    } catch {
      setBroken(true);
    }
  };
  const error = broken ? t('form.error.json') : rawErrors?.join(' ');
  return (
    <JsonInput
      id={fieldPathId.$id}
      className={classes.code ?? ''}
      label={schema.title ?? name}
      description={typeof help === 'string' ? help : undefined}
      required={required === true && !readOnly}
      readOnly={readOnly}
      variant={readOnly ? 'filled' : 'default'}
      autosize
      minRows={3}
      maxRows={20}
      error={error || undefined}
      value={draft ?? textOf(formData)}
      onChange={change}
      onBlur={() => {
        if (!broken) setDraft(null);
      }}
    />
  );
}
