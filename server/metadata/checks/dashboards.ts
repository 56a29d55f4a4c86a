// Dashboards: the entities, measures and groups of their widgets.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames, resolveFact } from '../facts.ts';
import { pointerOf } from '../pointer.ts';
import type { DashboardMetadata } from '../types.ts';
import { entityOf } from './screens.ts';
import { type CompiledCheck, eachTwice } from './subject.ts';

/** A widget as its schema lets it be. */
interface Widget {
  readonly id: string;
  readonly entity: string;
  readonly measure: { readonly function: string; readonly field?: string };
  readonly groupBy?: readonly string[];
}

const measurable: readonly string[] = ['integer', 'decimal'];
const datable: readonly string[] = ['date', 'dateTime'];

export const checkDashboards: CompiledCheck = (subject, registry) => {
  const { doubtful, report } = subject;
  const check = (dashboard: DashboardMetadata, widget: Widget, at: number): void => {
    const entity = entityOf(subject, registry, dashboard, widget.entity, pointerOf('widgets', at, 'entity'));
    if (entity === undefined) return;
    const need = (path: string, pointer: string, kinds?: readonly string[]): void => {
      const fact = resolveFact(registry, entity, path);
      if (fact === undefined) {
        if (!path.split('.').some(doubtful))
          report(dashboard, pointer, `${entity.name} has no field "${path}".${didYouMean(path, factNames(entity))}`);
      } else if (kinds !== undefined && !kinds.includes(fact.kind)) {
        report(dashboard, pointer, `"${path}" is ${fact.kind}; this takes ${kinds.join(' or ')}.`);
      }
    };
    const { measure, groupBy = [] } = widget;
    const place = pointerOf('widgets', at, 'measure', 'field');
    if (measure.field !== undefined)
      need(measure.field, place, ['sum', 'avg'].includes(measure.function) ? measurable : undefined);
    else if (measure.function !== 'count')
      report(dashboard, pointerOf('widgets', at, 'measure'), `"${measure.function}" needs a "field".`);
    for (const [index, group] of groupBy.entries()) {
      const period = /^\w+\((\w+)\)$/.exec(group)?.[1];
      need(period ?? group, pointerOf('widgets', at, 'groupBy', index), period === undefined ? undefined : datable);
    }
  };
  for (const dashboard of registry.dashboards) {
    const widgets = dashboard.widgets as unknown as readonly Widget[];
    for (const [at, widget] of widgets.entries()) check(dashboard, widget, at);
    eachTwice(
      widgets.map(({ id }, at) => [id, at] as const),
      (id, at) => report(dashboard, pointerOf('widgets', at, 'id'), `"${id}" stands twice.`),
    );
  }
};
