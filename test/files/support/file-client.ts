// Uploads and downloads as a client does them.
import { randomUUID } from 'node:crypto';
import type { TestApp } from '../../support/app.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface FileAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Parsed, where it is JSON. */
  readonly body: { readonly data?: Row; readonly code?: string; readonly errors?: readonly Row[] };
}

export interface UploadOptions {
  readonly field?: string;
  readonly entity?: string;
  /** Percent-encoded by the client; null: no header. */
  readonly name?: string | null;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fileClient(app: TestApp) {
  const send = async (method: string, path: string, token: string | undefined, init: RequestInit & { duplex?: 'half' }) => {
    const response = await fetch(`${app.base}${path}`, {
      method,
      ...init,
      headers: { Authorization: `Bearer ${token ?? (await app.token())}`, ...(init.headers as Record<string, string>) },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && method !== 'HEAD';
    const body = (isJson ? JSON.parse(bytes.toString()) : {}) as FileAnswer['body'];
    return { status: response.status, headers: response.headers, bytes, body };
  };
  return {
    upload: (bytes: Buffer | ReadableStream | string, options: UploadOptions = {}): Promise<FileAnswer> => {
      const { entity = 'specimens', field = 'scan', name = 'a.bin', token, headers } = options;
      return send('POST', `/files?entity=${entity}&field=${field}`, token, {
        body: bytes as never,
        duplex: 'half',
        headers: {
          'Idempotency-Key': randomUUID(),
          ...(name === null ? {} : { 'X-File-Name': encodeURIComponent(name) }),
          ...headers,
        },
      });
    },
    download: (
      record: unknown,
      field = 'scan',
      options: { token?: string; headers?: Readonly<Record<string, string>>; query?: string; method?: string } = {},
    ): Promise<FileAnswer> =>
      send(options.method ?? 'GET', `/specimens/${record}/files/${field}${options.query ?? ''}`, options.token, {
        ...(options.headers === undefined ? {} : { headers: options.headers }),
      }),
  };
}
