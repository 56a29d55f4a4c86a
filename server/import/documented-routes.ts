// Imports and exports, for the OpenAPI document.
import { type DocumentedPart, type DocumentedPaths, dataResponse, jsonRequest, problems } from '../http/documented-paths.ts';
import { fileFormats, mediaTypes } from './formats/row-file.ts';

const entity = { name: 'entity', in: 'path', required: true, description: 'Plural name', schema: { type: 'string' } };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const key = { $ref: '#/components/parameters/IdempotencyKey' };
const fileName = {
  name: 'X-File-Name',
  in: 'header',
  description: 'Shown with the import; UTF-8, percent-encoded.',
  schema: { type: 'string' },
};
const text = { type: 'string' };
const count = { type: 'integer' };
const uuid = { type: 'string', format: 'uuid' };
const listOf = (items: object) => ({ type: 'array', items });
const location = { Location: { $ref: '#/components/headers/Location' } };

const mapping = {
  description:
    'As the files in metadata/imports: which column fills which field, how dates and numbers are written, what rows are matched on.',
  type: 'object',
  required: ['fields'],
};
const mappingParameter = {
  name: 'mapping',
  in: 'query',
  description: 'With a file as the body: name of a mapping, or one as JSON.',
  schema: text,
};
const remember = { type: 'string', enum: ['me', 'everyone', 'no'], default: 'no' };
const files = {
  [mediaTypes.csv]: { schema: text },
  [mediaTypes.ndjson]: { schema: text },
  [mediaTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
};
const requestBody = {
  required: true,
  content: {
    ...files,
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          file: { ...uuid, description: 'Of an upload that a preview has kept.' },
          csv: { ...text, description: 'Instead of it, a file as text.' },
          mapping: { anyOf: [text, mapping] },
          remember: { ...remember, description: 'Whom the mapping is offered to for files with the same columns.' },
        },
      },
    },
  },
};
const started = { type: 'object', required: ['id', 'status'], properties: { id: uuid, status: text } };
const format = { type: 'string', enum: fileFormats, default: 'csv' };

const previewed = {
  type: 'object',
  required: ['row', 'outcome', 'texts', 'values', 'problems'],
  properties: {
    row: count,
    outcome: { type: 'string', enum: ['created', 'updated', 'unchanged', 'skipped', 'rejected'] },
    texts: { type: 'object', description: 'By target: what the file has.' },
    values: { type: 'object', description: 'By field: what would be written.' },
    problems: listOf({
      type: 'object',
      required: ['field', 'value', 'code', 'reason', 'rowRejected'],
      properties: { field: text, value: text, code: text, reason: text, rowRejected: { type: 'boolean' } },
    }),
    warning: {
      type: 'object',
      description: 'It is like records that are there.',
      properties: { code: text, became: text, records: listOf(uuid) },
    },
  },
};

const paths: DocumentedPaths = {
  '/{entity}/import': {
    post: {
      operationId: 'import_records',
      summary: 'Import a file in the background',
      description:
        'The body is the file (CSV, NDJSON or XLSX, whose first sheet counts), or JSON that names one. Rows are matched on `upsertOn` of the mapping; its `duplicates` say what becomes of a row that is like a record.',
      parameters: [entity, key, mappingParameter, { name: 'remember', in: 'query', schema: remember }, fileName],
      requestBody,
      responses: {
        202: dataResponse('Queued; Location is its record, which shows the progress.', started, location),
        ...problems(400, 401, 403, 404, 405, 409, 413, 415, 422, 429),
      },
    },
  },
  '/{entity}/import/preview': {
    post: {
      operationId: 'preview_import',
      summary: 'Guess a mapping for a file, and see what would become of its first rows',
      description:
        'Without a mapping, one that was used for a file with these columns is taken, else one of the application that fits, else a guess. No record is written; the file is kept for a day, for an import to name it.',
      parameters: [entity, key, mappingParameter, fileName],
      requestBody,
      responses: {
        200: dataResponse('The mapping and the first rows.', {
          type: 'object',
          required: ['file', 'name', 'format', 'rows', 'header', 'sample', 'mapping', 'from', 'unused', 'preview'],
          properties: {
            file: uuid,
            name: text,
            format,
            rows: count,
            header: listOf(text),
            sample: listOf(listOf(text)),
            mapping,
            from: { type: 'string', enum: ['me', 'everyone', 'application', 'guess', 'request'] },
            unused: { ...listOf(text), description: 'Columns that fill nothing.' },
            preview: listOf(previewed),
          },
        }),
        ...problems(400, 401, 403, 404, 405, 409, 413, 415, 422, 429),
      },
    },
  },
  '/imports/{id}/cancel': {
    post: {
      operationId: 'cancel_import',
      summary: 'Stop an import; what it has written stays, until it is undone',
      parameters: [id, key],
      responses: { 200: dataResponse('Nothing more is written.', started), ...problems(400, 401, 403, 404, 405, 409, 429) },
    },
  },
  '/imports/{id}/undo': {
    post: {
      operationId: 'undo_import',
      summary: 'Take an import back in the background',
      description:
        'With the rights of the caller: what it created is deleted, what it changed is set back. Records that have been changed since are kept, counted and listed. Possible for thirty days.',
      parameters: [id, key],
      responses: {
        202: dataResponse('Queued; Location is the record of the import, which shows the progress.', started, location),
        ...problems(400, 401, 403, 404, 405, 409, 429),
      },
    },
  },
  '/imports/{id}/rejects': {
    get: {
      operationId: 'import_rejects',
      summary: 'Download the rows that an import did not take whole, to be mended and imported again',
      description: 'The columns of the file, and import_row, import_field, import_reason.',
      parameters: [id],
      responses: {
        200: { description: 'The rows.', content: { [mediaTypes.csv]: { schema: text } } },
        ...problems(401, 403, 404, 405, 429),
      },
    },
  },
  '/{entity}/export': {
    get: {
      operationId: 'export_records',
      summary: 'Download records; takes the parameters of a list',
      parameters: [
        entity,
        { name: 'format', in: 'query', schema: format },
        ...['Fields', 'Sort', 'Search', 'Filter', 'Deleted'].map((name) => ({ $ref: `#/components/parameters/${name}` })),
      ],
      responses: { 200: { description: 'The file.', content: files }, ...problems(400, 401, 403, 404, 405, 429) },
    },
    post: {
      operationId: 'start_export',
      summary: 'Export records in the background, for sets that take their time',
      parameters: [entity, key],
      requestBody: jsonRequest({
        type: 'object',
        properties: { format, query: { ...text, description: 'As in the address of a list: `status[eq]=open&sort=name`.' } },
      }),
      responses: {
        202: dataResponse('Queued; Location is its record, which shows the progress.', started, location),
        ...problems(400, 401, 403, 404, 405, 409, 413, 415, 422, 429),
      },
    },
  },
  '/exports/{id}/cancel': {
    post: {
      operationId: 'cancel_export',
      summary: 'Stop an export',
      parameters: [id, key],
      responses: { 200: dataResponse('It is cancelled.', started), ...problems(400, 401, 403, 404, 405, 409, 429) },
    },
  },
  '/exports/{id}/file': {
    get: {
      operationId: 'export_file',
      summary: 'Download the file of an export; for who started it, for thirty days',
      parameters: [id],
      responses: { 200: { description: 'The file.', content: files }, ...problems(401, 403, 404, 405, 429) },
    },
  },
};

export const importPart: DocumentedPart = {
  name: 'import',
  description: 'Import and export of files',
  paths,
  features: Object.fromEntries(Object.keys(paths).map((path) => [path, path.includes('import') ? 'import' : 'export'])),
};
