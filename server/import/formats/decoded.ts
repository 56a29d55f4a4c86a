// Bytes of a file as text: strict UTF-8, chunk by chunk.
import { errorCode } from '../../error-code.ts';
import { problem } from '../../problem.ts';

/**
 * Text as it comes, bytes as UTF-8; U+FFFD in place of what was lost would be stored for good.
 * @throws (while it is read) problem `validation_failed`
 */
export async function* decodedUtf8(source: AsyncIterable<Buffer | string>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of source) yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (errorCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw problem('validation_failed', { detail: 'The file is not UTF-8 text.', cause: error });
  }
}
