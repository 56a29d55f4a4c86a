// What the page knows before anybody signs in: where the API is and how the application is called.
import type { Label } from '../../../server/fields/field-type.ts';
import { readProblem } from './problem.ts';

export interface AppInfo {
  readonly basePath: string;
  readonly name: string;
  readonly label: Label;
  readonly languages: readonly string[];
}

let info: AppInfo | null = null;

/** Fetches `/app.json` once; every later call answers from memory. */
export async function loadAppInfo(): Promise<AppInfo> {
  if (info !== null) return info;
  const response = await fetch('/app.json', { headers: { Accept: 'application/json' } });
  if (!response.ok) throw await readProblem(response);
  const body = (await response.json()) as AppInfo | { data: AppInfo };
  info = 'data' in body ? body.data : body;
  return info;
}

/** Path of the API, e.g. `/books/v1`. Only after `loadAppInfo`. */
export function basePath(): string {
  if (info === null) throw new Error('app.json is not loaded yet');
  return info.basePath;
}
