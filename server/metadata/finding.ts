// What is wrong with metadata: a file, a place in it and a sentence; and the error that carries all of them.

export interface MetadataFinding {
  /** Path from the package root, or for an application elsewhere from the folder that holds it. */
  readonly file: string;
  /** RFC 6901 pointer into the file; '' for the whole. */
  readonly pointer: string;
  readonly message: string;
  /** It is the name of what stands there that is wrong. */
  readonly about?: 'name';
  /** Line of the place, from 1, where it is known. */
  readonly line?: number;
}

/** `metadata/app.json:7 /prefix: …` */
export const findingText = ({ file, line, pointer, message }: MetadataFinding): string =>
  `${file}${line === undefined ? '' : `:${line}`}${pointer === '' ? '' : ` ${pointer}`}: ${message}`;

/** Thrown with every finding at once; the application does not start on one. */
export class MetadataError extends Error {
  readonly findings: readonly MetadataFinding[];

  constructor(findings: readonly MetadataFinding[]) {
    const count = findings.length === 1 ? 'one finding' : `${findings.length} findings`;
    super(`The metadata is not valid (${count}):\n${findings.map((finding) => `  ${findingText(finding)}`).join('\n')}`);
    this.name = 'MetadataError';
    this.findings = findings;
  }
}
