// The OpenAPI 3.1 document of what one caller may do: the entities' paths, and those that other parts describe themselves.
import { type DocumentedPart, type DocumentedPaths, dataResponse, problems } from '../../http/documented-paths.ts';
import type { Entity, Registry } from '../../metadata/registry.ts';
import type { Operation } from '../../metadata/types.ts';
import { headers, parameterRef, parameters, problemResponses, sharedSchemas } from './components.ts';
import { entityPaths } from './entity-paths.ts';
import { entitySchemas, schemaRef } from './entity-schemas.ts';
import { english } from './field-schema.ts';
import { batchPaths } from './mass-paths.ts';

/** What the caller may do, at least with some records: entity (plural) → operations. Entities not named are not shown. */
export type Capabilities = ReadonlyMap<string, ReadonlySet<Operation>>;

/**
 * @param isOn whether a feature is on for the caller, by its name
 * @returns a plain JSON value
 */
export function openApiDocument(
  registry: Registry,
  can: Capabilities,
  parts: readonly DocumentedPart[],
  isOn: (feature: string) => boolean,
): Readonly<Record<string, unknown>> {
  const entities = [...registry.entities.values()].filter((entity) => can.has(entity.name));
  const shown = new Set(entities.map((entity) => entity.name));
  const singularOf = (plural: string): string => registry.entities.get(plural)?.singular ?? plural;
  const all = [ownPart, ...parts].flatMap((part) => switched(part, isOn));
  const { app } = registry;
  return {
    openapi: '3.1.0',
    info: {
      title: `${english(app.label) ?? app.name} API`,
      version: registry.version,
      description: 'Derived from the metadata; shows what the caller may do. Problems are RFC 9457 documents.',
    },
    servers: [{ url: app.basePath }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: [...all.map(({ name, description }) => ({ name, description })), ...entities.map(tagOf)],
    paths: {
      ...Object.assign({}, ...all.map((part) => tagged(part.name, part.paths))),
      ...Object.assign(
        {},
        ...entities.map((entity) =>
          tagged(
            entity.name,
            entityPaths(entity, (operation) => can.get(entity.name)?.has(operation) === true, isOn),
          ),
        ),
      ),
    },
    components: {
      schemas: {
        ...sharedSchemas(),
        ...Object.assign({}, ...entities.map((entity) => entitySchemas(entity, shown, singularOf))),
      },
      responses: problemResponses(),
      parameters,
      headers,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token (a JWT), or an API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
      },
    },
  };
}

/** A part without the paths of features that are off; none where all of its paths are. */
function switched(part: DocumentedPart, isOn: (feature: string) => boolean): readonly DocumentedPart[] {
  const isThere = (path: string): boolean => {
    const feature = part.features?.[path];
    return feature === undefined || isOn(feature);
  };
  const paths = Object.entries(part.paths).filter(([path]) => isThere(path));
  return paths.length === 0 ? [] : [{ ...part, paths: Object.fromEntries(paths) }];
}

const tagOf = (entity: Entity) => ({
  name: entity.name,
  description: english(entity.meta.description) ?? entity.meta.label['en']?.other ?? entity.name,
});

const tagged = (name: string, paths: DocumentedPaths) =>
  Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          method === 'servers' ? operation : { tags: [name], ...operation },
        ]),
      ),
    ]),
  );

const ownPart: DocumentedPart = {
  name: 'general',
  description: 'All entities',
  features: { '/search': 'search', '/batch': 'mass_change' },
  paths: {
    ...batchPaths,
    '/search': {
      get: {
        operationId: 'search',
        summary: 'Find records of all searchable entities',
        parameters: (['SearchText', 'SearchLimit', 'SearchEntities'] as const).map(parameterRef),
        responses: {
          200: dataResponse('The best first.', { type: 'array', items: schemaRef('SearchHit') }),
          ...problems(400, 401, 429, 503),
        },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'openapi',
        summary: 'This document',
        responses: {
          200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
          ...problems(401, 429),
        },
      },
    },
  },
};
