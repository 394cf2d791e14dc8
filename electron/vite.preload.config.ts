import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The preload as one CommonJS file: a sandboxed one can load no modules of its own, and knows Electron as `electron`. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  publicDir: false,
  resolve: { alias: { 'electron/renderer': 'electron' } },
  build: {
    lib: { entry: 'electron/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    outDir: 'out/electron',
    emptyOutDir: false,
    target: 'chrome156',
    minify: false,
    rolldownOptions: { external: ['electron'] },
  },
});
