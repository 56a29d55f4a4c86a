// The head of a record's page: the way back, its name, its actions. Stays in sight while one scrolls.
import { Title } from '@mantine/core';
import { IconChevronLeft, IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import { MenuButton } from '../shell/menu-button.tsx';
import classes from './record.module.css';

const loadMenu = () => import('./record-menu.tsx');
const RecordMenu = lazy(loadMenu);

interface RecordHeadProps {
  readonly entity: MetaEntity;
  /** null while it is being made */
  readonly record: ApiRecord | null;
  readonly title: string;
  readonly onDelete?: (() => void) | undefined;
  readonly children: ReactNode;
}

function More({ onDelete }: { readonly onDelete: (() => void) | undefined }) {
  const { t } = useText();
  return (
    <MenuButton label={t('action.more')} load={loadMenu} popup={(button) => <RecordMenu button={button} onDelete={onDelete} />}>
      <IconDots size={18} />
    </MenuButton>
  );
}

export function RecordHead({ entity, record, title, onDelete, children }: RecordHeadProps) {
  const { t, many } = useText();
  return (
    <header className={classes.head}>
      <div className={classes.names}>
        <Link to="/records/$entity" params={{ entity: entity.name }} search={{}} className={classes.back}>
          <IconChevronLeft size={16} className={classes.backIcon} aria-hidden />
          {many(entity.label)}
        </Link>
        <Title order={1} size="h3" lineClamp={2} className={classes.title ?? ''}>
          <bdi>{title === '' ? t('record.unnamed') : title}</bdi>
        </Title>
      </div>
      <div className={classes.actions}>
        {children}
        {record === null ? null : <More onDelete={onDelete} />}
      </div>
    </header>
  );
}
