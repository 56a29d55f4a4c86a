// record.update: sets fields of the record that the event is about; a patch that changes nothing leaves no trace.
import { Problem } from '../../problem.ts';
import type { Step } from '../steps.ts';
import { resolveValue } from '../values.ts';

export const recordUpdate: Step = {
  name: 'record.update',
  settings: {
    type: 'object',
    properties: { set: { type: 'object', minProperties: 1 } },
    required: ['set'],
    additionalProperties: false,
  },
  writes: ({ set }, entity) => Object.keys(Object(set)).map((field) => ({ entity, field })),
  run: async ({ context, repository, event, scope }, { set }) => {
    const patch = Object.fromEntries(Object.entries(set as object).map(([name, value]) => [name, resolveValue(value, scope)]));
    try {
      const written = await repository.update(context, event.entity, event.recordId, patch);
      return written.changed ? { status: 'done', changed: true, version: written.version } : { status: 'done', changed: false };
    } catch (error) {
      // Between the event and now the record may have been deleted; there is nothing left to set.
      if (error instanceof Problem && error.code === 'not_found') return { status: 'skipped', reason: 'The record is gone.' };
      throw error;
    }
  },
};
