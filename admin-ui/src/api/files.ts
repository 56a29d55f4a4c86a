// Files over the REST API: uploads that tell how far they are, and downloads with the caller's token.
import i18next from 'i18next';
import { basePath } from './app-info.ts';
import { answerTo, reach, senderHeaders } from './client.ts';
import { ApiProblem } from './problem.ts';
import { requestKey } from './request-key.ts';

/** The value of a field of the type file or image. */
export interface FileValue {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
}

export interface Upload {
  readonly done: Promise<FileValue>;
  stop(): void;
}

/** @param onProgress 0 to 1; `fetch` could not tell */
export function uploadFile(entity: string, field: string, file: File, onProgress: (part: number) => void): Upload {
  const key = requestKey();
  let request = new XMLHttpRequest();
  const send = (): Promise<Response> =>
    new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open('POST', `${basePath()}/files?${new URLSearchParams({ entity, field })}`);
      const headers = {
        ...senderHeaders(),
        'Content-Type': file.type === '' ? 'application/octet-stream' : file.type,
        'Idempotency-Key': key,
        'X-File-Name': encodeURIComponent(file.name),
      };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
      request.onerror = () => reject(new ApiProblem(0, 'network', i18next.t('error.network')));
      request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
      request.send(file);
    });
  const run = async (): Promise<FileValue> => ((await (await answerTo(send)).json()) as { data: FileValue }).data;
  return { done: run(), stop: () => request.abort() };
}

/** Saves the file that the record holds. A link could not carry the token. */
export async function saveFile(entity: string, record: string, field: string, name: string): Promise<void> {
  const ask = () => reach(`/${entity}/${record}/files/${field}`, { headers: senderHeaders() });
  const response = await answerTo(ask);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
