// GET /openapi.json, kept per registry and set of rights: many callers share few documents.
import { createHash } from 'node:crypto';
import type { DocumentedPart } from '../../http/documented-paths.ts';
import { largerFeatures } from '../../metadata/features.ts';
import { perRegistry } from '../../metadata/registry.ts';
import type { Operation } from '../../metadata/types.ts';
import { readableEntities, seenBy } from '../../repository/access.ts';
import type { Context } from '../../repository/context.ts';
import { sendJson } from '../answer.ts';
import { hasTag } from '../entity-tags.ts';
import type { RestContext } from '../services.ts';
import { type Capabilities, openApiDocument } from './document.ts';

interface Built {
  readonly text: string;
  readonly tag: string;
}

/** Each document is some hundred kilobytes. */
const keptDocuments = 32;

export function openApi(parts: readonly DocumentedPart[]): (ctx: RestContext) => void {
  const documents = perRegistry(() => new Map<string, Built>());
  return (ctx) => {
    const { context } = ctx.state;
    const known = documents(seenBy(context));
    const can = capabilities(context);
    const on = largerFeatures.filter(({ name }) => context.actor.isOn(name)).map(({ name }) => name);
    const key = [on.join(), ...[...can].map(([name, operations]) => `${name}:${[...operations].join()}`)].join(';');
    const document = known.get(key) ?? build(context, can, parts);
    if (!known.has(key) && known.size >= keptDocuments) known.clear();
    known.set(key, document);
    sendJson(ctx, document.text);
    const tag = `"${document.tag}"`;
    ctx.set('ETag', tag);
    if (hasTag(ctx, tag)) ctx.status = 304;
  };
}

function build(context: Context, can: Capabilities, parts: readonly DocumentedPart[]): Built {
  const text = JSON.stringify(openApiDocument(seenBy(context), can, parts, context.actor.isOn));
  return { text, tag: createHash('sha256').update(text).digest('base64url') };
}

/** What the caller may do with records that may be read; what cannot be read is not even named. */
function capabilities(context: Context): Capabilities {
  return new Map(
    readableEntities(context).map((entity) => [
      entity.name,
      new Set<Operation>([...entity.operations].filter((operation) => context.actor.access(entity.name, operation) !== 'none')),
    ]),
  );
}
