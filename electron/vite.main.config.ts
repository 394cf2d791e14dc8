import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { diskWorkerSource } from './disk-worker-source.ts';

const root = join(import.meta.dirname, '..');

/**
 * The main process as one ES module for Electron's Node: everything inside but Electron itself and keytar, whose native
 * file has to lie unpacked beside the archive.
 */
export default defineConfig(
  async (): Promise<UserConfig> => ({
    root,
    publicDir: false,
    define: { DISK_WORKER_SOURCE: JSON.stringify(await diskWorkerSource()) },
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
  }),
);
