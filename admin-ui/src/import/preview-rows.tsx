// What would become of the first rows: the outcome of each, and what is wrong with it.
import { Text } from '@mantine/core';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { textOfIssue } from '../form/messages.ts';
import { formatNumber } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import value from '../value/value.module.css';
import { targetsOf } from './edit-mapping.ts';
import classes from './import.module.css';
import type { Outcome, PreviewedRow } from './import-api.ts';

const texts: Readonly<Record<Outcome, string>> = {
  created: 'import.created',
  updated: 'import.updated',
  unchanged: 'import.unchanged',
  skipped: 'import.skipped',
  rejected: 'import.rejected',
};
const colors: Readonly<Record<Outcome, string>> = {
  created: 'teal',
  updated: 'blue',
  unchanged: 'gray',
  skipped: 'gray',
  rejected: 'red',
};

interface PreviewRowsProps {
  readonly entity: MetaEntity;
  readonly rows: readonly PreviewedRow[];
  /** An older answer, while a newer one is on its way. */
  readonly stale: boolean;
}

export function PreviewRows({ entity, rows, stale }: PreviewRowsProps) {
  const { t, label, language } = useText();
  const paths = Object.keys(rows[0]?.texts ?? {});
  const labels = new Map(targetsOf(entity).map((target) => [target.path, target.label.map(label).join(' · ')]));
  return (
    <div className={classes.scroller} aria-busy={stale}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('import.row')}</th>
            <th scope="col">{t('import.becomes')}</th>
            {paths.map((path) => (
              <th key={path} scope="col">
                {labels.get(path) ?? path}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, outcome, texts: cells, problems, warning }) => (
            <tr key={row}>
              <th scope="row">{formatNumber(language, row)}</th>
              <td className={classes.outcome}>
                <span className={value.badge} data-color={colors[outcome]}>
                  {t(texts[outcome])}
                </span>
                {problems.map(({ field, code, reason }) => (
                  <Text key={`${field} ${code}`} size="xs" c="var(--mantine-color-error)" className={classes.reason ?? ''}>
                    {labels.get(field) ?? field}: {textOfIssue({ pointer: '', code, detail: reason })}
                  </Text>
                ))}
                {warning === undefined ? null : (
                  <Text size="xs" c="dimmed">
                    {t('import.alike')}
                  </Text>
                )}
              </td>
              {paths.map((path) => (
                <td key={path} data-wrong={problems.some(({ field }) => field === path) || undefined}>
                  <bdi>{cells[path]}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
