// How the admin UI is built: into dist/admin-ui at the package root, nothing inlined (the page runs under a strict CSP).
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  resolve: {
    alias: {
      // @rjsf/core re-exports a helper for its own tests that imports a validator we neither use nor install.
      '@rjsf/validator-ajv8': here('./src/form/no-validator.ts'),
      // Its descriptions may be Markdown; ours are plain texts that our own widgets draw.
      'markdown-to-jsx/react': here('./src/form/no-markdown.ts'),
    },
  },
  build: {
    outDir: here('../dist/admin-ui'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: { fs: { allow: [here('..')] } },
});
