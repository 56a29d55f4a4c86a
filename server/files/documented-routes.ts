// Files, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, problems } from '../http/documented-paths.ts';

const inPath = (name: string, description: string, schema: object = { type: 'string' }) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema,
});
const inQuery = (name: string, description: string) => ({
  name,
  in: 'query',
  required: true,
  description,
  schema: { type: 'string' },
});
const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const whole = { type: 'integer' };
const pixels = { type: 'integer', description: 'Of images.' };

const paths: DocumentedPaths = {
  '/files': {
    post: {
      operationId: 'upload_file',
      summary: 'Upload a file for a field',
      description:
        'The body is the bytes, whatever the Content-Type says: what the file is, they show. The answer is the value of the field: a record is sent it, or only `{"id": …}`. An upload that no record takes within a day goes.',
      parameters: [
        inQuery('entity', 'Plural name'),
        inQuery('field', 'A field of the type file or image that the caller may set'),
        { name: 'X-File-Name', in: 'header', required: true, description: 'Percent-encoded UTF-8', schema: { type: 'string' } },
        { $ref: '#/components/parameters/IdempotencyKey' },
      ],
      requestBody: { required: true, content: bytes },
      responses: {
        201: dataResponse('Uploaded.', {
          type: 'object',
          required: ['id', 'name', 'type', 'size'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            name: { type: 'string' },
            type: { type: 'string' },
            size: whole,
            width: pixels,
            height: pixels,
          },
        }),
        ...problems(400, 401, 403, 404, 405, 409, 413, 422, 429, 503),
      },
    },
  },
  '/{entity}/{id}/files/{field}': {
    get: {
      operationId: 'download_file',
      summary: 'Download the file in a field of a record',
      parameters: [
        inPath('entity', 'Plural name'),
        inPath('id', 'Of the record', { type: 'string', format: 'uuid' }),
        inPath('field', 'Of the type file or image'),
        {
          name: 'disposition',
          in: 'query',
          description: '`inline`: drawn in a page, where the type allows it.',
          schema: { type: 'string', enum: ['attachment', 'inline'] },
        },
        { name: 'Range', in: 'header', description: 'One range of bytes.', schema: { type: 'string' } },
        { $ref: '#/components/parameters/IfNoneMatch' },
      ],
      responses: {
        200: { description: 'The file.', content: bytes },
        206: { description: 'The part that was asked for.', content: bytes },
        304: { description: 'The caller has these bytes.' },
        ...problems(401, 403, 404, 405, 416, 429, 503),
      },
    },
  },
};

export const filesPart: DocumentedPart = { name: 'files', description: 'Files of records', paths };
