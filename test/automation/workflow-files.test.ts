// The workflow files: each passes the tests it carries, and says nothing that the catalogue does not know.
import { describe, expect, test } from '@jest/globals';
import { automationCatalogue, checkWorkflows } from '../../server/automation/catalogue.ts';
import { runWorkflowTests } from '../../server/automation/workflow-tests.ts';
import type { WorkflowMetadata } from '../../server/metadata/types.ts';
import { crmRegistry } from '../support/registry.ts';

const catalogue = automationCatalogue();

describe('the workflow files', () => {
  test('pass the tests they carry', async () => {
    const results = await runWorkflowTests(await crmRegistry(), catalogue);
    expect(results.filter(({ failures }) => failures.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(6);
  });

  test('use only event types and steps of the catalogue, with settings that fit', async () => {
    expect(checkWorkflows(await crmRegistry(), catalogue)).toEqual([]);
  });
});

describe('a workflow that is wrong', () => {
  const wrong: WorkflowMetadata = {
    id: 'wf_wrong',
    name: 'wrong',
    label: { en: 'Wrong' },
    entity: 'leads',
    status: 'active',
    trigger: { type: 'record.saved' },
    rules: [
      { name: 'a', conditions: { fact: 'company', operator: 'isEmpty' }, event: { type: 'score.give' } },
      { name: 'b', conditions: { fact: 'company', operator: 'isEmpty' }, event: { type: 'score.add', params: { points: 1.5 } } },
    ],
    steps: [
      { id: 'one', type: 'record.destroy' },
      { id: 'two', type: 'record.update', set: {}, speed: 3 },
    ],
    tests: [
      { name: 'expects too much', given: { operation: 'create' }, expect: { started: false, 'score.total': 7, rules: ['b'] } },
      { name: 'says it right', given: { operation: 'delete', record: {} }, expect: { started: false, stepsRun: [] } },
    ],
  };

  test('is told of every finding with its place', async () => {
    const registry = { ...(await crmRegistry()), workflows: [wrong] };
    const findings = checkWorkflows(registry, catalogue);
    expect(findings.map(({ workflow, pointer }) => `${workflow} ${pointer}`)).toEqual([
      'wf_wrong /rules/0/event/type',
      'wf_wrong /rules/1/event/params',
      'wf_wrong /rules/1/event/params/points',
      'wf_wrong /steps/0/type',
      'wf_wrong /steps/1',
      'wf_wrong /steps/1/set',
    ]);
  });

  test('fails its own tests with a sentence for each expectation', async () => {
    const registry = { ...(await crmRegistry()), workflows: [wrong] };
    const results = await runWorkflowTests(registry, catalogue);
    expect(results.map(({ failures }) => failures)).toEqual([
      ['started is true, not false.', 'score.total is 1.5, not 7.', 'rules is ["a","b"], not ["b"].'],
      [],
    ]);
  });

  test('two entries of one name are refused', () => {
    expect(() => automationCatalogue({ steps: [...catalogue.steps.values()] })).toThrow('has "record.update" twice');
  });
});
