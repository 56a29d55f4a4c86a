// What a tab shows besides fields: related lists, the timeline, the audit.
import type { FormTab } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import type { ApiRecord } from '../api/records.ts';
import { AuditPanel } from './audit-panel.tsx';
import { RelatedList } from './related-list.tsx';
import { TimelinePanel } from './timeline-panel.tsx';

interface TabPanelsProps {
  readonly tab: FormTab;
  readonly entity: MetaEntity;
  readonly record: ApiRecord;
}

export function TabPanels({ tab, entity, record }: TabPanelsProps) {
  return (
    <>
      {tab.relatedLists.map((list) => (
        <RelatedList key={list.relation} list={list} entity={entity} record={record} />
      ))}
      {tab.panel === 'timeline' ? <TimelinePanel entity={entity} id={record.id} /> : null}
      {tab.panel === 'audit' ? <AuditPanel entity={entity} record={record} /> : null}
    </>
  );
}
