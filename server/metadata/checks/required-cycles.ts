// Entities that need each other: with required references in a circle no first record could ever be made.
import { pointerOf } from '../pointer.ts';
import { type Check, entityNamed } from './subject.ts';

interface Need {
  readonly relation: string;
  readonly target: string;
}

export const checkRequiredCycles: Check = ({ source, report }) => {
  const needs = (name: string): readonly Need[] =>
    Object.entries(entityNamed(source, name)?.relations ?? {}).flatMap(([relation, meta]) =>
      meta.kind === 'belongsTo' && meta.required === true ? [{ relation, target: meta.entity }] : [],
    );
  const told = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    for (const { relation, target } of needs(name)) {
      const at = [...path, name].indexOf(target);
      if (at < 0) {
        visit(target, [...path, name]);
        continue;
      }
      const circle = [...path, name].slice(at);
      const key = [...circle].sort().join(' ');
      const entity = entityNamed(source, name);
      if (told.has(key) || entity === undefined) continue;
      told.add(key);
      const message = `No record could ever be made: ${[...circle, target].join(' needs ')}.`;
      report(entity, pointerOf('relations', relation, 'required'), message);
    }
    // Coming here another way would only find circles that share a part with one already told.
    done.add(name);
  };
  for (const entity of source.entities) visit(entity.name, []);
};
