// A file or an image: chosen, uploaded at once with its progress, and named by the record when that is saved.
import { ActionIcon, Button, FileButton, Group, Input, Progress, Text } from '@mantine/core';
import type { FieldProps, RJSFSchema } from '@rjsf/utils';
import { IconDownload, IconPaperclip, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { type FileValue, saveFile, type Upload, uploadFile } from '../../api/files.ts';
import { ApiProblem } from '../../api/problem.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useText } from '../../i18n/use-text.ts';
import classes from '../form.module.css';
import type { RecordFormContext } from '../form-context.ts';
import { textOfIssue } from '../messages.ts';

type Props = FieldProps<Record<string, unknown>, RJSFSchema, RecordFormContext>;

function messageOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return String(error);
  const [issue] = error.issues;
  return issue === undefined ? error.message : textOfIssue(issue);
}

/** The one upload of the field that is under way, how far it is, and why the last one failed. */
function useUpload(entity: string, field: string, done: (file: FileValue) => void) {
  const [part, setPart] = useState<number | null>(null);
  const [failure, setFailure] = useState<string>();
  const upload = useRef<Upload | null>(null);
  useEffect(() => () => upload.current?.stop(), []);
  const start = (file: File): void => {
    upload.current?.stop();
    const started = uploadFile(entity, field, file, setPart);
    upload.current = started;
    setPart(0);
    setFailure(undefined);
    void started.done
      .then(done, (error: unknown) => {
        if ((error as { name?: unknown }).name !== 'AbortError') setFailure(messageOf(error));
      })
      .finally(() => {
        if (upload.current === started) setPart(null);
      });
  };
  return { part, failure, start, stop: () => upload.current?.stop(), fail: (error: unknown) => setFailure(messageOf(error)) };
}

export function FileField(props: Props) {
  const { t, language } = useText();
  const { fieldPathId, schema, uiSchema, name, registry, required, rawErrors, errorSchema } = props;
  const { entity, record, readOnly: locked } = registry.formContext;
  const value = props.formData as unknown as FileValue | undefined;
  const readOnly = props.readonly === true || locked.has(name);
  const label = schema.title ?? name;
  const change = (file: FileValue | undefined): void =>
    props.onChange(file as unknown as Record<string, unknown> | undefined, fieldPathId.path);
  const { part, failure, start, stop, fail } = useUpload(entity.name, name, change);
  const saved = (record?.[name] as FileValue | null | undefined)?.id === value?.id ? record?.id : undefined;
  const help = uiSchema?.['ui:help'];
  const accept = uiSchema?.['ui:options']?.['accept'];
  const errors = [...(rawErrors ?? []), ...(errorSchema?.['id']?.__errors ?? [])];
  return (
    <Input.Wrapper
      id={fieldPathId.$id}
      label={label}
      labelElement="div"
      description={typeof help === 'string' ? help : undefined}
      error={failure ?? (errors.length > 0 ? errors.join(' ') : undefined)}
      withAsterisk={required === true && !readOnly}
    >
      <Group gap={8} mt={6} className={classes.file ?? ''}>
        {value?.id === undefined ? null : (
          <>
            <Text component="bdi" size="sm" truncate>
              {value.name}
            </Text>
            <Text size="sm" c="dimmed">
              {typeof value.size === 'number' ? formatBytes(language, value.size) : ''}
            </Text>
            {saved === undefined ? null : (
              <ActionIcon
                variant="subtle"
                aria-label={t('file.download', { name: value.name })}
                onClick={() => void saveFile(entity.name, saved, name, value.name).catch(fail)}
              >
                <IconDownload size={16} />
              </ActionIcon>
            )}
            {readOnly ? null : (
              <ActionIcon variant="subtle" aria-label={t('file.remove')} onClick={() => change(undefined)}>
                <IconX size={16} />
              </ActionIcon>
            )}
          </>
        )}
        {readOnly || part !== null ? null : (
          <FileButton
            accept={Array.isArray(accept) && !accept.includes('*/*') ? accept.join(',') : undefined}
            onChange={(file) => file !== null && start(file)}
            inputProps={{ 'aria-label': label }}
          >
            {(button) => (
              <Button {...button} size="xs" variant="default" leftSection={<IconPaperclip size={14} />}>
                {t(value?.id === undefined ? 'file.choose' : 'file.replace')}
              </Button>
            )}
          </FileButton>
        )}
        {part === null ? null : (
          <>
            <Progress
              className={classes.progress ?? ''}
              value={part * 100}
              aria-label={t('file.uploading', { field: label })}
              animated
            />
            <ActionIcon variant="subtle" aria-label={t('file.cancel')} onClick={stop}>
              <IconX size={16} />
            </ActionIcon>
          </>
        )}
      </Group>
    </Input.Wrapper>
  );
}
