// What a change of the metadata means for values that are already stored.

export type DataChange =
  | {
      /** Values of a choice that are replaced in every record. */
      readonly kind: 'replaceValues';
      readonly entityId: string;
      /** Field id + column suffix. */
      readonly columnId: string;
      /** Old value → new one; null empties it. */
      readonly values: Readonly<Record<string, string | null>>;
      /** On the way back: new values that are no option there → the old one that they stood for, in records written since. */
      readonly back?: Readonly<Record<string, string>>;
    }
  | {
      /** Options that go without a replacement: the change is refused while a record still has one of them. */
      readonly kind: 'withdrawValues';
      readonly entityId: string;
      /** Field id + column suffix. */
      readonly columnId: string;
      readonly values: readonly string[];
    }
  /** An entity's plural name, wherever records hold it: the type of a reference to any kind of record. */
  | { readonly kind: 'renameEntityValue'; readonly from: string; readonly to: string };
