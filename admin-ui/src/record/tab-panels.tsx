// What a tab shows besides fields: related lists, the timeline, the audit. Each is fetched with the first tab that has it.
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { FormTab } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';

const AuditPanel = lazy(() => import('./audit-panel.tsx'));
const RelatedList = lazy(() => import('./related-list.tsx'));
const TimelinePanel = lazy(() => import('./timeline-panel.tsx'));

interface TabPanelsProps {
  readonly tab: FormTab;
  readonly entity: MetaEntity;
  readonly record: ApiRecord;
}

export function TabPanels({ tab, entity, record }: TabPanelsProps) {
  return (
    <Suspense fallback={<Skeleton height={120} radius="md" />}>
      {tab.relatedLists.map((list) => (
        <RelatedList key={list.relation} list={list} entity={entity} record={record} />
      ))}
      {tab.panel === 'timeline' ? <TimelinePanel entity={entity} id={record.id} /> : null}
      {tab.panel === 'audit' ? <AuditPanel entity={entity} record={record} /> : null}
    </Suspense>
  );
}
