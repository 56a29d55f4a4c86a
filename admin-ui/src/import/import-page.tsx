// The import of a file into an entity, in three steps: the file, its columns, what became of it.
import { Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/use-text.ts';
import { useEntity } from '../metadata/use-metadata.ts';
import { NotFound } from '../shell/not-found.tsx';
import { FileStep } from './file-step.tsx';
import classes from './import.module.css';
import { lookAt, type Preview } from './import-api.ts';
import { MappingStep } from './mapping-step.tsx';
import { ProgressStep } from './progress-step.tsx';

const route = getRouteApi('/records/$entity/import');

function Wizard({ entity }: { readonly entity: MetaEntity }) {
  const { t, many } = useText();
  const navigate = useNavigate();
  // In the address, so that whoever comes back finds the import that they have started.
  const { started } = route.useSearch();
  const [looked, setLooked] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const show = (id?: string): void => {
    const search = id === undefined ? {} : { started: id };
    void navigate({ to: '/records/$entity/import', params: { entity: entity.name }, search, replace: true });
  };
  const again = (): void => {
    setLooked(null);
    show();
  };
  const look = async (file: File): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setLooked(await lookAt(entity.name, file));
    } catch (error) {
      setProblem(error instanceof ApiProblem ? error.message : t('error.unexpected'));
    }
    setBusy(false);
  };
  return (
    <div className={classes.page}>
      <header>
        <Link to="/records/$entity" params={{ entity: entity.name }} search={{}} className={classes.back}>
          <IconChevronLeft size={16} className={classes.mirrored} aria-hidden />
          {many(entity.label)}
        </Link>
        <Title order={1} size="h3">
          {t('import.title', { many: many(entity.label) })}
        </Title>
      </header>
      {started !== undefined ? (
        <ProgressStep entity={entity} id={started} onAnother={again} />
      ) : looked === null ? (
        <FileStep busy={busy} problem={problem} onFile={(file) => void look(file)} />
      ) : (
        <MappingStep key={looked.file} entity={entity} looked={looked} onStarted={show} onBack={again} />
      )}
    </div>
  );
}

export default function ImportPage() {
  const { entity: name } = route.useParams();
  const entity = useEntity(name);
  return entity?.operations.includes('import') ? <Wizard key={name} entity={entity} /> : <NotFound />;
}
