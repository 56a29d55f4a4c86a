// What the address of the import page says: which import was started there.

export interface ImportSearch {
  /** Id of the record of the import. */
  readonly started?: string;
}

export function parseImportSearch(search: Readonly<Record<string, unknown>>): ImportSearch {
  const { started } = search;
  return typeof started === 'string' && /^[0-9a-f-]{36}$/i.test(started) ? { started } : {};
}
