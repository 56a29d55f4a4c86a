// Records of workflows are the workflows in force, those from files included: what is written to one is a change of the metadata.
import { isObject, type JsonObject } from '../metadata/pointer.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { RecordDelegate } from '../repository/delegates.ts';
import type { CurrentRow } from '../repository/read.ts';
import { carry, type DelegateServices, invalid, metadataIdOf, mirrored, type Pointing, readOnly } from './delegate.ts';
import { workflows } from './mirror-rows.ts';

export function workflowDelegate(services: DelegateServices): RecordDelegate {
  const set = async (...[context, workflow, id, created]: SetArguments) => {
    const outcome = await carry(services, context, [{ op: 'setWorkflow', workflow }], pointing);
    return mirrored(services, workflows, id ?? idOf(services.registry.current(), workflow['name']), outcome, created);
  };
  return {
    create: (context, input) => set(context, { status: 'draft', ...workflowIn(input) }, undefined, true),
    update: (context, current, patch) => {
      const id = metadataIdOf(current);
      return set(context, { id, ...workflowIn({ ...shownOf(current), ...patch }) }, id, false);
    },
    remove: async (context, current) => {
      const id = metadataIdOf(current);
      const outcome = await carry(services, context, [{ op: 'retireWorkflow', name: current.record['name'] }], () => '');
      return mirrored(services, workflows, id, outcome, false);
    },
    restore: (context, current) => {
      const id = metadataIdOf(current);
      return set(context, { id, ...workflowIn(shownOf(current)) }, id, false);
    },
  };
}

type SetArguments = [
  context: Parameters<RecordDelegate['create']>[0],
  workflow: JsonObject,
  id: string | undefined,
  created: boolean,
];

const fields = ['name', 'label', 'entity', 'status', 'definition'] as const;

/** The members of the record that make the workflow. */
const shownOf = ({ record }: CurrentRow): JsonObject => Object.fromEntries(fields.map((name) => [name, record[name]]));

/** The workflow as a file would write it: the definition's members stand beside name, label, entity and status. */
function workflowIn(input: JsonObject): JsonObject {
  const issues: Issue[] = Object.keys(input)
    .filter((name) => !(fields as readonly string[]).includes(name))
    .map((name) => readOnly(name, `"${name}" is not part of a workflow; its trigger, rules and steps stand in "definition".`));
  const { definition, ...own } = input;
  if (!isObject(definition)) issues.push({ pointer: '/definition', code: 'required', detail: 'A JSON object is needed.' });
  if (issues.length > 0) throw invalid(...issues);
  const inner = Object.fromEntries(
    Object.entries(definition as JsonObject).filter(([name]) => !(fields as readonly string[]).includes(name) && name !== 'id'),
  );
  return { ...Object.fromEntries(Object.entries(own).filter(([, value]) => value != null)), ...inner };
}

/** `/changes/0/workflow/trigger/type` → `/definition/trigger/type`; name, label, entity and status stand in the record itself. */
const pointing: Pointing = (pointer) => {
  const [, , , member, ...path] = pointer.split('/');
  const [first] = path;
  if (member !== 'workflow' || first === undefined) return '';
  return (fields as readonly string[]).includes(first) ? `/${path.join('/')}` : `/definition/${path.join('/')}`;
};

const idOf = (registry: Registry, name: unknown): string | undefined =>
  registry.workflows.find((workflow) => workflow.name === name)?.id;
