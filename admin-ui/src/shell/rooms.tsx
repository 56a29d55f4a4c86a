// The rooms behind the door: the metadata document first, then the routes.
import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { hasWish } from '../i18n/languages.ts';
import { changeLanguage, spokenLanguages } from '../i18n/start.ts';
import { metadataQuery } from '../metadata/query.ts';
import { useFollowMetadata } from '../metadata/served-version.ts';
import { MetadataContext } from '../metadata/use-metadata.ts';
import { Failure } from './failure.tsx';
import { PageLoading } from './page-loading.tsx';
import { router } from './router.tsx';

export default function Rooms() {
  const { data, error, refetch } = useQuery(metadataQuery);
  useFollowMetadata(data?.featureMark);
  useEffect(() => {
    const language = data?.user.language;
    const spoken = spokenLanguages();
    // What is set for the account counts where the browser says nothing.
    if (language !== undefined && !hasWish(spoken) && spoken.includes(language)) void changeLanguage(language);
  }, [data]);
  if (error !== null && data === undefined) return <Failure order={1} error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageLoading />;
  return (
    <MetadataContext value={data}>
      <RouterProvider router={router} />
    </MetadataContext>
  );
}
