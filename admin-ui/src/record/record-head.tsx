// The head of a record's page: the way back, its name, its actions. Stays in sight while one scrolls.
import { ActionIcon, Menu, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronLeft, IconDots, IconLink, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { useText } from '../i18n/use-text.ts';
import classes from './record.module.css';

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
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(window.location.href);
    notifications.show({ message: t('record.linkCopied'), color: 'teal' });
  };
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={t('action.more')} title={t('action.more')}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {navigator.clipboard === undefined ? null : (
          <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => void copy()}>
            {t('action.copyLink')}
          </Menu.Item>
        )}
        {onDelete === undefined ? null : (
          <Menu.Item
            color="red"
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={onDelete}
          >
            {t('action.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
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
        <Title order={1} size="h3" lineClamp={1}>
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
