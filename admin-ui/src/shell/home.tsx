// The front page leads to the first list of the navigation that the caller may read.
import { Navigate } from '@tanstack/react-router';
import { useMetadata } from '../metadata/use-metadata.ts';
import { NotFound } from './not-found.tsx';

export default function Home() {
  const { app, entities } = useMetadata();
  const first = app.navigation.flatMap((group) => group.items).find((item) => Object.hasOwn(entities, item));
  return first === undefined ? <NotFound /> : <Navigate to="/records/$entity" params={{ entity: first }} replace />;
}
