import { join } from 'node:path';
import { defineConfig } from 'vite';

/**
 * The main process as one ES module for Electron's Node: everything inside but Electron itself and keytar, whose native
 * file has to lie unpacked beside the archive.
 */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  publicDir: false,
  ssr: { noExternal: true, external: ['electron', 'keytar'] },
  build: {
    ssr: 'electron/main.ts',
    outDir: 'out/electron',
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // `bufferutil` and `utf-8-validate` are optional speed-ups of ws that are not installed.
      external: [/^electron(\/|$)/, 'keytar', 'bufferutil', 'utf-8-validate'],
      output: { format: 'es', entryFileNames: 'main.mjs', codeSplitting: false },
    },
  },
});
