// The catalogue of event types and steps: no name twice, and every step says what it writes.
import { describe, expect, test } from '@jest/globals';
import { automationCatalogue, writtenFields } from '../../server/automation/catalogue.ts';
import type { Step } from '../../server/automation/steps.ts';
import { workflow } from './workflow-app.ts';

const step = (name: string, writes: Step['writes']): Step => ({
  name,
  settings: { type: 'object' },
  writes,
  run: async () => ({ status: 'done' }),
});

describe('the automation catalogue', () => {
  test('refuses two steps of one name, and one that does not say what it writes', () => {
    const twice = { steps: [step('plugin.call', () => []), step('plugin.call', () => [])] };
    expect(() => automationCatalogue(twice)).toThrow('has "plugin.call" twice');
    const { writes: _forgotten, ...silent } = step('plugin.call', () => []);
    expect(() => automationCatalogue({ steps: [silent as Step] })).toThrow('The step "plugin.call" must say what it writes');
  });

  test('tells what a workflow writes: the fields of all its steps, or anything as soon as one cannot tell', () => {
    const catalogue = automationCatalogue({
      steps: [step('plugin.other', () => [{ entity: 'accounts', field: 'phone' }]), step('plugin.call', () => 'anything')],
    });
    const written = (...types: readonly string[]) =>
      writtenFields(catalogue)(
        workflow({
          steps: types.map((type) => ({ id: type, type, ...(type === 'record.update' ? { set: { score: 1 } } : {}) })),
        }),
      );
    expect(written('record.update', 'plugin.other', 'plugin.none')).toEqual([
      { entity: 'leads', field: 'score' },
      { entity: 'accounts', field: 'phone' },
    ]);
    expect(written('record.update', 'plugin.call')).toBe('anything');
  });
});
