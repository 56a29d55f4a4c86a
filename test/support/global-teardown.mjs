// After all test files.
export default async () => {
  const { stopTestServer } = await import('./test-server.ts');
  await stopTestServer();
};
