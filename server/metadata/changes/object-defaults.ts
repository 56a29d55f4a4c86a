// What screens, workflows and roles say of themselves when it is not given, and their texts as labels.
import type { JsonObject } from '../pointer.ts';
import type { ScreenKind } from './objects.ts';
import { eachObject, labelOf, withLabels } from './texts.ts';

const usual: Readonly<Record<ScreenKind, JsonObject>> = {
  layouts: { type: 'detail' },
  views: { type: 'list' },
  dashboards: {},
  workflows: { status: 'draft', rules: [], steps: [] },
  roles: { entities: {} },
  importMappings: {},
};

/** Layouts have no label of their own, import mappings need none. */
const needLabel: ReadonlySet<ScreenKind> = new Set(['views', 'dashboards', 'workflows', 'roles']);

/** @param before the object that it takes the place of: its label stays when none is given */
export function withObjectDefaults(
  kind: ScreenKind,
  given: JsonObject,
  languages: readonly string[],
  before?: JsonObject,
): JsonObject {
  const { id, name, ...rest } = withObjectLabels(kind, given, languages);
  const label = needLabel.has(kind) ? { label: rest['label'] ?? before?.['label'] ?? labelOf(undefined, languages, name) } : {};
  return { id, ...(name === undefined ? {} : { name }), ...usual[kind], ...rest, ...label };
}

/** Plain texts become labels; tabs and sections without one are called by their ids. */
export function withObjectLabels(kind: ScreenKind, given: JsonObject, languages: readonly string[]): JsonObject {
  const own = withLabels(given, ['label'], languages);
  const titled = (item: JsonObject): JsonObject => ({ ...item, label: labelOf(item['label'], languages, item['id']) });
  if (kind === 'dashboards' && own['widgets'] !== undefined) return { ...own, widgets: eachObject(own['widgets'], titled) };
  if (kind !== 'layouts' || own['tabs'] === undefined) return own;
  const tab = (item: JsonObject): JsonObject =>
    item['sections'] === undefined ? titled(item) : { ...titled(item), sections: eachObject(item['sections'], titled) };
  return { ...own, tabs: eachObject(own['tabs'], tab) };
}
