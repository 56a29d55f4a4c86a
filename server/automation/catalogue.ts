// Joins the built-in event types and steps with those of the plugins, and checks the workflows against them.
import { Ajv } from 'ajv';
import type { JsonSchema } from '../fields/field-type.ts';
import type { Registry } from '../metadata/registry.ts';
import type { WorkflowMetadata } from '../metadata/types.ts';
import { type EventType, eventTypes } from './event-types.ts';
import { type Step, steps, type Writes } from './steps.ts';

export interface AutomationCatalogue {
  readonly eventTypes: ReadonlyMap<string, EventType>;
  readonly steps: ReadonlyMap<string, Step>;
}

export interface AutomationEntries {
  readonly eventTypes?: readonly EventType[];
  readonly steps?: readonly Step[];
}

/** @throws Error when two entries have one name, or a step does not say what it writes */
export function automationCatalogue(...more: readonly AutomationEntries[]): AutomationCatalogue {
  const all = [...steps, ...more.flatMap((entries) => entries.steps ?? [])];
  // A plugin may be written without types; what it forgets must not count as nothing.
  const silent = all.find(({ writes }) => typeof writes !== 'function');
  if (silent !== undefined) throw new Error(`The step "${silent.name}" must say what it writes (a function "writes")`);
  return {
    eventTypes: byName([...eventTypes, ...more.flatMap((entries) => entries.eventTypes ?? [])]),
    steps: byName(all),
  };
}

function byName<T extends { readonly name: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const entry of entries) {
    if (map.has(entry.name)) throw new Error(`The automation catalogue has "${entry.name}" twice`);
    map.set(entry.name, entry);
  }
  return map;
}

/** What a workflow writes, as its steps say; a step that does not exist is refused elsewhere. */
export const writtenFields =
  (catalogue: AutomationCatalogue) =>
  ({ entity, steps: wanted }: WorkflowMetadata): Writes => {
    const written = wanted.map(
      ({ id: _id, type, when: _when, ...settings }): Writes => catalogue.steps.get(type)?.writes(settings, entity) ?? [],
    );
    return written.includes('anything') ? 'anything' : written.flatMap((fields) => (fields === 'anything' ? [] : fields));
  };

export interface WorkflowIssue {
  readonly workflow: string;
  /** RFC 6901 pointer into the workflow's file. */
  readonly pointer: string;
  readonly detail: string;
}

/** What the metadata alone cannot tell: unknown event types and steps, and settings that do not fit them. */
export function checkWorkflows(registry: Registry, catalogue: AutomationCatalogue): readonly WorkflowIssue[] {
  return registry.workflows.flatMap((workflow) =>
    findings(workflow, catalogue).map((finding) => ({ workflow: workflow.id, ...finding })),
  );
}

type Finding = Omit<WorkflowIssue, 'workflow'>;

function findings(workflow: WorkflowMetadata, catalogue: AutomationCatalogue): readonly Finding[] {
  const found: Finding[] = [];
  for (const [at, { event }] of workflow.rules.entries()) {
    const type = catalogue.eventTypes.get(event.type);
    if (type === undefined) found.push({ pointer: `/rules/${at}/event/type`, detail: `There is no event type "${event.type}".` });
    else found.push(...misfits(type.params, event.params ?? {}, `/rules/${at}/event/params`));
  }
  for (const [at, { id: _id, type: name, when: _when, ...settings }] of workflow.steps.entries()) {
    const step = catalogue.steps.get(name);
    if (step === undefined) found.push({ pointer: `/steps/${at}/type`, detail: `There is no step "${name}".` });
    else found.push(...misfits(step.settings, settings, `/steps/${at}`));
  }
  return found;
}

const ajv = new Ajv({ allErrors: true });

function misfits(schema: JsonSchema, value: unknown, pointer: string): readonly Finding[] {
  const validate = ajv.compile(schema);
  validate(value);
  return (validate.errors ?? []).map((error) => ({
    pointer: pointer + error.instancePath,
    detail: `${error.message ?? 'not valid'} ${Object.values(error.params).join(', ')}`.trim(),
  }));
}
