// Before all test files.
import './run-typescript.cjs';

export default async () => {
  const { startTestServer } = await import('./test-server.ts');
  await startTestServer();
};
