// The root object is drawn by the layout; an object inside it (an address, a place) is a fieldset.
import { Fieldset, Text } from '@mantine/core';
import type { ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import classes from '../form.module.css';
import type { RecordFormContext } from '../form-context.ts';
import { LayoutTemplate } from './layout-template.tsx';

export type ObjectProps = ObjectFieldTemplateProps<Record<string, unknown>, RJSFSchema, RecordFormContext>;

export function ObjectTemplate(props: ObjectProps) {
  const { fieldPathId, title, properties, errorSchema, uiSchema } = props;
  if (fieldPathId.path.length === 0) return <LayoutTemplate {...props} />;
  const errors = errorSchema?.__errors ?? [];
  const help = uiSchema?.['ui:help'];
  return (
    <Fieldset legend={title} id={fieldPathId.$id} variant="default" className={classes.fieldset ?? ''}>
      {typeof help === 'string' ? (
        <Text size="xs" c="dimmed">
          {help}
        </Text>
      ) : null}
      <div className={classes.parts}>
        {properties.map((property) => (
          <div key={property.name}>{property.content}</div>
        ))}
      </div>
      {errors.map((error) => (
        <Text key={error} size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ))}
    </Fieldset>
  );
}
