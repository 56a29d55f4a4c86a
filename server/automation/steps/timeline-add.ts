// timeline.add: writes a line for people into the timeline of the record that the event is about.
import type { Label } from '../../fields/field-type.ts';
import { appendTimeline } from '../../repository/timeline.ts';
import type { Step } from '../steps.ts';
import { fillTemplate } from '../values.ts';

export const timelineAdd: Step = {
  name: 'timeline.add',
  settings: {
    type: 'object',
    properties: {
      kind: { type: 'string', minLength: 1 },
      summary: { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } },
    },
    required: ['kind', 'summary'],
    additionalProperties: false,
  },
  writes: () => [],
  run: async ({ context, event, workflow, scope }, { kind, summary }) => {
    const texts = Object.fromEntries(
      Object.entries(summary as Label).map(([language, text]) => [language, fillTemplate(text, scope)]),
    );
    const [fallback = 'en'] = context.registry.app.languages;
    await appendTimeline(context, {
      entity: event.entity,
      id: event.recordId,
      kind: String(kind),
      summary: (texts[fallback] ?? Object.values(texts)[0] ?? '').slice(0, 1000),
      // Whoever reads it later may speak another language of the application.
      data: { workflow_id: workflow.id, summary: texts },
    });
    return { status: 'done', changed: true };
  },
};
