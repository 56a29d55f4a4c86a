// What a system migration is: how the engine's own tables come to be and how they go again.

export interface MigrationContext {
  readonly app: { readonly schema: string; readonly prefix: string };
  /** Runs one SQL statement inside the migration's transaction. */
  run(sql: string): Promise<void>;
}

export interface Migration {
  /** The file's name without its ending; never changes once published. */
  readonly name: string;
  readonly up: (context: MigrationContext) => Promise<void>;
  /** Takes back exactly what `up` made. */
  readonly down: (context: MigrationContext) => Promise<void>;
}

/** Quoted names. Those of the metadata are checked (`^[a-z][a-z0-9_]*$`); quoting keeps reserved words apart. */
export const namesIn = ({ app }: MigrationContext) => ({
  schema: `"${app.schema}"`,
  table: (name: string): string => `"${app.schema}"."${app.prefix}${name}"`,
  index: (name: string): string => `"${app.prefix}${name}"`,
});
