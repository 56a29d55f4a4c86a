// What is typed into a record's form and what became of saving it: values, errors, conflict.
import type { RJSFValidationError } from '@rjsf/utils';
import { useCallback, useMemo, useState } from 'react';
import type { FormDocument } from '../../../server/forms/form-document.ts';
import type { MetaEntity } from '../../../server/forms/meta-document.ts';
import { ApiProblem, type Issue } from '../api/problem.ts';
import type { ApiRecord } from '../api/records.ts';
import { type FormState, formStateOf, withOpenDefaults } from '../form/form-conditions.ts';
import type { FormValues } from '../form/form-context.ts';
import { changedNames } from '../form/form-data.ts';
import { placeIssues } from '../form/issues.ts';
import { useMetadata } from '../metadata/use-metadata.ts';

export interface Editor {
  readonly values: FormValues;
  readonly baseline: FormValues;
  readonly state: FormState;
  readonly dirty: boolean;
  readonly live: boolean;
  readonly saving: boolean;
  /** Set anew by every refusal; what is typed only narrows `placed`. */
  readonly issues: readonly Issue[];
  readonly placed: ReturnType<typeof placeIssues>;
  /** What the server said about the whole, when it is not about fields. */
  readonly refusal: string | null;
  readonly change: (values: FormValues) => void;
  readonly setValue: (name: string, value: unknown) => void;
  readonly attempt: (errors: readonly RJSFValidationError[]) => void;
  /** Forgets what was typed and starts from these values. */
  readonly reset: (values: FormValues) => void;
  /** Runs a save; a problem lands on its fields. Returns undefined when it was refused. */
  readonly save: <T>(work: () => Promise<T>, onConflict?: (current: ApiRecord) => void) => Promise<T | undefined>;
}

/** Fields drawn inside another one, by name: a currency inside its amount. */
const companionsOf = (entity: MetaEntity): ReadonlyMap<string, string> =>
  new Map(
    Object.values(entity.fields).flatMap((field) =>
      field.currencyField === undefined ? [] : [[field.currencyField, field.name]],
    ),
  );

export function useEditor(entity: MetaEntity, form: FormDocument, record: ApiRecord | null, initial: FormValues): Editor {
  const metadata = useMetadata();
  const [baseline, setBaseline] = useState(initial);
  const [values, setValues] = useState(initial);
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<string | null>(null);
  const [live, setLive] = useState(false);
  const [saving, setSaving] = useState(false);
  const state = useMemo(() => formStateOf(metadata, entity, form, values, record), [metadata, entity, form, values, record]);
  const companions = useMemo(() => companionsOf(entity), [entity]);
  const placed = useMemo(() => {
    const open = issues.filter((issue) => !answered.has(issue.pointer.split('/')[1] ?? ''));
    return placeIssues(open, form.schema.properties, companions);
  }, [issues, answered, form, companions]);

  const change = useCallback(
    (next: FormValues) => {
      // What the server said about a field holds for the value it saw, not for the next one.
      const touched = new Set(changedNames(values, next).flatMap((name) => [name, companions.get(name) ?? name]));
      setAnswered((old) => ([...touched].every((name) => old.has(name)) ? old : new Set([...old, ...touched])));
      const stateThen = record === null ? formStateOf(metadata, entity, form, next, record) : undefined;
      setValues(stateThen === undefined ? next : withOpenDefaults(form, next, stateThen));
    },
    [values, companions, metadata, entity, form, record],
  );
  const save = async <T>(work: () => Promise<T>, onConflict?: (current: ApiRecord) => void): Promise<T | undefined> => {
    setSaving(true);
    setIssues([]);
    setRefusal(null);
    try {
      return await work();
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : null;
      const current = problem?.body['current'];
      if (problem?.status === 412 && onConflict !== undefined && typeof current === 'object' && current !== null) {
        onConflict(current as ApiRecord);
        return undefined;
      }
      if (problem === null) throw error;
      setAnswered(new Set());
      setIssues(problem.issues);
      setRefusal(problem.issues.length > 0 ? null : problem.message);
      return undefined;
    } finally {
      setSaving(false);
    }
  };
  return {
    values,
    baseline,
    state,
    dirty: changedNames(baseline, values).length > 0,
    live,
    saving,
    issues,
    placed,
    refusal,
    change,
    setValue: (name, value) => setValues((old) => ({ ...old, [name]: value })),
    attempt: (errors) => setLive(errors.length > 0),
    reset: (next) => {
      setBaseline(next);
      setValues(next);
      setIssues([]);
      setRefusal(null);
      setLive(false);
    },
    save,
  };
}
