// Workflows: their entity, the fields that they watch and set, names that stand once. What else steps take, the automation checks.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { factNames } from '../facts.ts';
import { isObject, pointerOf } from '../pointer.ts';
import { entityOf } from './screens.ts';
import { type CompiledCheck, eachTwice } from './subject.ts';

export const checkWorkflows: CompiledCheck = (subject, registry) => {
  const { doubtful, report } = subject;
  for (const workflow of registry.workflows) {
    const entity = entityOf(subject, registry, workflow, workflow.entity, '/entity');
    const { runAs, trigger, rules, steps } = workflow;
    if (runAs !== undefined && runAs !== 'system' && runAs !== 'actor' && !registry.roles.has(runAs) && !doubtful(runAs))
      report(
        workflow,
        '/runAs',
        `There is no role "${runAs}".${didYouMean(runAs, ['actor', 'system', ...registry.roles.keys()])}`,
      );
    for (const [at, name] of (trigger.watchFields ?? []).entries()) {
      const field = entity?.fields.get(name);
      if (entity === undefined || doubtful(name) || (field !== undefined && !field.hidden && field.type.secret !== true))
        continue;
      const hint = field === undefined ? didYouMean(name, factNames(entity)) : ' A secret is not watched.';
      report(workflow, pointerOf('trigger', 'watchFields', at), `${entity.name} has no field "${name}".${hint}`);
    }
    for (const [at, { type, set }] of steps.entries()) {
      if (entity === undefined || type !== 'record.update' || !isObject(set)) continue;
      for (const name of Object.keys(set)) {
        if (doubtful(name) || entity.fields.has(name)) continue;
        const hint = didYouMean(name, factNames(entity));
        report(workflow, pointerOf('steps', at, 'set', name), `${entity.name} has no field "${name}".${hint}`);
      }
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
