import { defineConfig } from 'vite';

/** The real interface on a made-up desk, as static files. `?scenario=` chooses the situation. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: '../../renderer/public',
  build: {
    outDir: '../../out/renderer-fixture',
    emptyOutDir: true,
    target: 'chrome156',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
