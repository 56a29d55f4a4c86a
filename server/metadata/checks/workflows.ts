// Workflows: their entity, the fields that they watch, names that stand once. Actions and steps are checked by the automation.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames } from '../facts.ts';
import { pointerOf } from '../pointer.ts';
import { entityOf } from './screens.ts';
import { type CompiledCheck, eachTwice } from './subject.ts';

export const checkWorkflows: CompiledCheck = (subject, registry) => {
  const { doubtful, report } = subject;
  for (const workflow of registry.workflows) {
    const entity = entityOf(subject, registry, workflow, workflow.entity, '/entity');
    const { trigger, rules, steps } = workflow;
    for (const [at, name] of (trigger.watchFields ?? []).entries()) {
      const field = entity?.fields.get(name);
      if (entity === undefined || doubtful(name) || (field !== undefined && !field.hidden && field.type.secret !== true))
        continue;
      const hint = field === undefined ? didYouMean(name, factNames(entity)) : ' A secret is not watched.';
      report(workflow, pointerOf('trigger', 'watchFields', at), `${entity.name} has no field "${name}".${hint}`);
    }
    eachTwice(
      rules.map(({ name }, at) => [name, at] as const),
      (name, at) => report(workflow, pointerOf('rules', at, 'name'), `"${name}" is already the name of a rule.`),
    );
    eachTwice(
      steps.map(({ id }, at) => [id, at] as const),
      (id, at) => report(workflow, pointerOf('steps', at, 'id'), `"${id}" is already the id of a step.`),
    );
  }
};
