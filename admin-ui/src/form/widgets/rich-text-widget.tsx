// Formatted text; its editor is fetched when a form has such a field.
import { Input, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { type FormWidgetProps, inputProps } from './input-props.ts';

const RichTextEditor = lazy(() => import('./rich-text-editor.tsx'));

export function RichTextWidget(props: FormWidgetProps) {
  const { id, label, description, error, required, readOnly } = inputProps(props);
  const value = typeof props.value === 'string' ? props.value : '';
  return (
    <Input.Wrapper
      id={id}
      label={label}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
      description={description}
      error={error}
      withAsterisk={required}
    >
      <Suspense fallback={<Skeleton height={140} mt={6} />}>
        <RichTextEditor
          id={id}
          label={label}
          readOnly={readOnly}
          required={required}
          invalid={error !== undefined}
          value={value}
          onChange={(html) => props.onChange(html)}
          onBlur={() => props.onBlur(props.id, props.value)}
        />
      </Suspense>
    </Input.Wrapper>
  );
}
