// The metadata document for every component below the shell.
import { createContext, useContext } from 'react';
import type { MetaDocument, MetaEntity } from '../../../server/forms/meta-document.ts';

export const MetadataContext = createContext<MetaDocument | null>(null);

export function useMetadata(): MetaDocument {
  const metadata = useContext(MetadataContext);
  if (metadata === null) throw new Error('useMetadata outside of MetadataContext');
  return metadata;
}

/** The entity of that plural name, if the caller may see it. */
export function useEntity(name: string): MetaEntity | undefined {
  const { entities } = useMetadata();
  return Object.hasOwn(entities, name) ? entities[name] : undefined;
}
