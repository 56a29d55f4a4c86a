// How the admin UI is built: into dist/admin-ui at the package root, nothing inlined (the page runs under a strict CSP).
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  logLevel: 'warn',
  root: here('.'),
  plugins: [react()],
  resolve: {
    alias: [
      // @rjsf/core draws with its own plain HTML what nobody else draws; our look draws everything that a form can hold.
      { find: /^\.\.\/getDefaultRegistry\.js$/, replacement: here('./src/form/default-registry.ts') },
      { find: /^\.\/shallowAllOfMerge\.js$/, replacement: here('./src/form/no-all-of.ts') },
      // Its descriptions may be Markdown; ours are plain texts that our own widgets draw.
      { find: 'markdown-to-jsx/react', replacement: here('./src/form/no-markdown.ts') },
    ],
  },
  build: {
    outDir: here('../dist/admin-ui'),
    emptyOutDir: true,
    // What imports what, for the test of sizes.
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: { fs: { allow: [here('..')] } },
});
