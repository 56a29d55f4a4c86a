// The list of an entity: quick search, filters, rows as you scroll, one click to a record.
import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconFileImport, IconFilter, IconPlus, IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { formatNumber } from '../i18n/format.ts';
import { useText } from '../i18n/use-text.ts';
import { useEntity, useMetadata } from '../metadata/use-metadata.ts';
import { NotFound } from '../shell/not-found.tsx';
import { columnsOf, defaultView } from './columns.ts';
import classes from './list.module.css';
import type { ListSearch } from './list-search.ts';
import { RecordRows } from './record-rows.tsx';
import { useRecords } from './use-records.ts';

const route = getRouteApi('/records/$entity');
/** Its inputs and the operator table are only fetched by those who filter. */
const FilterBar = lazy(() => import('./filter-bar.tsx'));

/** The quick search follows the typing at a walking pace, and the address follows it. */
function QuickSearch({ q, onSearch }: { readonly q: string; readonly onSearch: (q: string) => void }) {
  const { t } = useText();
  const [text, setText] = useState(q);
  const search = useDebouncedCallback(onSearch, 250);
  useEffect(() => setText(q), [q]);
  return (
    <TextInput
      type="search"
      value={text}
      className={classes.quick}
      aria-label={t('list.quick')}
      placeholder={t('list.quick')}
      leftSection={<IconSearch size={16} aria-hidden />}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}

function List({ entity }: { readonly entity: MetaEntity }) {
  const { t, one, many, language } = useText();
  const metadata = useMetadata();
  const search = route.useSearch();
  const navigate = useNavigate();
  const view = defaultView(metadata, entity.name);
  const columns = useMemo(() => columnsOf(entity, view?.columns), [entity, view]);
  const records = useRecords(entity, columns, view, search);
  const [filtersOpen, filters] = useDisclosure((search.where ?? []).length > 0);
  const change = (next: ListSearch): void => {
    void navigate({ to: '/records/$entity', params: { entity: entity.name }, search: next, replace: true });
  };
  const quick = (q: string): void => {
    const { q: _, ...rest } = search;
    change(q === '' ? rest : { ...rest, q });
  };
  const count = search.where?.length ?? 0;
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm" wrap="nowrap" className={classes.head}>
        <Group gap="sm" align="baseline" wrap="nowrap" className={classes.title}>
          <Title order={1} size="h3" lineClamp={1}>
            {many(entity.label)}
          </Title>
          <Text c="dimmed" size="sm" role="status" className={classes.count}>
            {records.total === undefined
              ? ''
              : t('list.count', { count: records.total, shown: formatNumber(language, records.total) })}
          </Text>
        </Group>
        {entity.operations.includes('import') ? (
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} to="/records/$entity/import" params={{ entity: entity.name }} search={{}} />}
            leftSection={<IconFileImport size={17} aria-hidden />}
            className={classes.create ?? ''}
          >
            {t('import.open')}
          </Button>
        ) : null}
        {entity.operations.includes('create') ? (
          <Button
            renderRoot={(props) => <Link {...props} to="/records/$entity/new" params={{ entity: entity.name }} search={{}} />}
            leftSection={<IconPlus size={17} aria-hidden />}
            className={classes.create ?? ''}
          >
            {t('list.new', { one: one(entity.label) })}
          </Button>
        ) : null}
      </Group>
      <Group gap="xs" wrap="nowrap">
        {entity.search ? <QuickSearch q={search.q ?? ''} onSearch={quick} /> : null}
        <Button
          variant={count > 0 ? 'light' : 'default'}
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={filtersOpen}
          onClick={filters.toggle}
        >
          {count > 0 ? t('list.filtersOn', { count, shown: formatNumber(language, count) }) : t('list.filters')}
        </Button>
      </Group>
      {filtersOpen ? (
        <Suspense fallback={null}>
          <FilterBar
            entity={entity}
            rows={search.where ?? []}
            onChange={(where) => {
              const { where: _, ...rest } = search;
              change(where.length === 0 ? rest : { ...rest, where });
            }}
          />
        </Suspense>
      ) : null}
      <RecordRows
        entity={entity}
        columns={columns}
        records={records}
        sort={search.sort ?? view?.sort?.[0]}
        filtered={count > 0 || search.q !== undefined}
        onSort={(sort) => {
          const { sort: _, ...rest } = search;
          change(sort === undefined ? rest : { ...rest, sort });
        }}
        onClear={() => change({})}
      />
    </div>
  );
}

export default function ListPage() {
  const { entity: name } = route.useParams();
  const entity = useEntity(name);
  return entity === undefined ? <NotFound /> : <List key={name} entity={entity} />;
}
