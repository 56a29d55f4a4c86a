// A problem's issues → errors on the fields they point at, and the rest for the top of the form.
import type { ErrorSchema } from '@rjsf/utils';
import type { Issue } from '../api/problem.ts';
import { textOfIssue } from './messages.ts';

export interface PlacedIssues {
  readonly onFields: ErrorSchema<Record<string, unknown>>;
  readonly elsewhere: readonly string[];
}

const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

type Node = { __errors?: string[] } & { [name: string]: Node | string[] | undefined };

/** @param companions fields drawn inside another one: `amount_currency` → `amount` */
export function placeIssues(
  issues: readonly Issue[],
  properties: Readonly<Record<string, unknown>>,
  companions: ReadonlyMap<string, string>,
): PlacedIssues {
  const onFields: Node = {};
  const elsewhere: string[] = [];
  for (const issue of issues) {
    const [first = '', ...rest] = segmentsOf(issue.pointer);
    const host = companions.get(first);
    const path = host === undefined ? [first, ...rest] : [host];
    if (!Object.hasOwn(properties, path[0] ?? '')) {
      elsewhere.push(textOfIssue(issue));
      continue;
    }
    let at = onFields;
    for (const name of path) {
      const below = (Object.hasOwn(at, name) ? at[name] : {}) as Node;
      at[name] = below;
      at = below;
    }
    at.__errors = [...(at.__errors ?? []), textOfIssue(issue)];
  }
  return { onFields: onFields as ErrorSchema<Record<string, unknown>>, elsewhere };
}
