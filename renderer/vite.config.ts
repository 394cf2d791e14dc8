import { defineConfig } from 'vite';

/** The interface as static files: relative links, because the shell serves them from its own scheme. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome156',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // One script: it is read from this PC, not over a network. Its budget is on the compressed size.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Libraries mark modules for server components; there are none here.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
