// Steps and event types of the built-in catalogue and of the plugins; workflows that ask for others stop the start.
import {
  type AutomationCatalogue,
  type AutomationEntries,
  automationCatalogue,
  checkWorkflows,
} from '../automation/catalogue.ts';
import { MetadataError } from '../metadata/finding.ts';
import type { Registry } from '../metadata/registry.ts';
import type { LoadedPlugin } from '../plugins/plugin.ts';

export const catalogueOf = (plugins: readonly LoadedPlugin<AutomationEntries>[]): AutomationCatalogue =>
  automationCatalogue(...plugins.map((plugin) => plugin.automation ?? {}));

/** @throws MetadataError with every step and event that the catalogue does not have, or whose settings do not fit it */
export function requireKnownSteps(registry: Registry, plugins: readonly LoadedPlugin<AutomationEntries>[]): void {
  const issues = checkWorkflows(registry, catalogueOf(plugins));
  if (issues.length > 0) {
    throw new MetadataError(
      issues.map(({ workflow, pointer, detail }) => ({ file: `workflow ${workflow}`, pointer, message: detail })),
    );
  }
}
