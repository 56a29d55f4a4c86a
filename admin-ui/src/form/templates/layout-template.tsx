// Draws the record's fields as its layout says: a panel a tab, in it sections of rows of cells.
import { Tabs } from '@mantine/core';
import type { ReactElement } from 'react';
import type { FormCell, FormSection, FormUiSchema } from '../../../../server/forms/form-document.ts';
import classes from '../form.module.css';
import type { RecordFormContext } from '../form-context.ts';
import type { ObjectProps } from './object-template.tsx';
import { Section } from './section.tsx';

interface RowsProps {
  readonly section: FormSection;
  readonly contents: ReadonlyMap<string, ReactElement>;
  readonly context: RecordFormContext;
}

const isShown = (context: RecordFormContext, contents: ReadonlyMap<string, ReactElement>, cell: FormCell): boolean =>
  contents.has(cell.field) && !context.hidden.has(cell.field);

function Rows({ section, contents, context }: RowsProps) {
  const rows = section.rows.map((row) => row.filter((cell) => isShown(context, contents, cell))).filter((row) => row.length > 0);
  if (rows.length === 0) return null;
  return (
    <Section title={section.title} id={`section-${section.id}`} collapsed={section.collapsed}>
      {rows.map((row) => (
        <div key={row[0]?.field} className={classes.grid} data-columns={section.columns}>
          {row.map((cell) => (
            <div key={cell.field} data-span={Math.min(cell.span, section.columns)} className={classes.cell}>
              {contents.get(cell.field)}
            </div>
          ))}
        </div>
      ))}
    </Section>
  );
}

export function LayoutTemplate({ properties, uiSchema, registry }: ObjectProps) {
  const context = registry.formContext;
  const layout = (uiSchema as unknown as FormUiSchema)['x-layout'];
  const contents = new Map(
    properties.filter((property) => !property.hidden).map((property) => [property.name, property.content]),
  );
  return layout.tabs
    .filter((tab) => tab.sections.length > 0)
    .map((tab) => (
      <Tabs.Panel key={tab.id} value={tab.id} className={classes.panel ?? ''}>
        {tab.sections
          .filter((section) => !context.hiddenSections.has(section.id))
          .map((section) => (
            <Rows key={section.id} section={section} contents={contents} context={context} />
          ))}
      </Tabs.Panel>
    ));
}
