// The first step: a file, dropped or chosen.
import { Alert, Button, FileButton, Loader, Stack, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import classes from './import.module.css';
import { fileEndings } from './import-api.ts';

interface FileStepProps {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onFile: (file: File) => void;
}

export function FileStep({ busy, problem, onFile }: FileStepProps) {
  const { t } = useText();
  const [over, setOver] = useState(false);
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <Stack gap="md">
      {/* Whoever has no mouse chooses with the button; dropping is a short cut. */}
      <section
        className={classes.drop}
        data-over={over || undefined}
        aria-label={t('import.file')}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          const [file] = event.dataTransfer.files;
          if (file !== undefined && !busy) onFile(file);
        }}
      >
        {busy ? <Loader type="dots" /> : <IconFileImport size={34} aria-hidden className={classes.dropIcon} />}
        <Text fw={600} role="status">
          {busy ? t('import.reading') : t('import.drop')}
        </Text>
        <Text size="sm" c="dimmed" ta="center">
          {t('import.formats')}
        </Text>
        <FileButton accept={fileEndings.join(',')} onChange={(file) => file !== null && onFile(file)}>
          {(props) => (
            <Button {...props} disabled={busy}>
              {t('import.choose')}
            </Button>
          )}
        </FileButton>
      </section>
      {problem === null ? null : (
        <Alert role="alert" color="red" variant="light">
          {problem}
        </Alert>
      )}
    </Stack>
  );
}
