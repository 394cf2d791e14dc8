import { join } from 'node:path';
import { build } from 'vite';

/**
 * The disk's thread as one script. It goes into the main program as text, so that it lies in the archive, under the same
 * seal as everything else, and no thread has to load a module out of it.
 */
export async function diskWorkerSource(): Promise<string> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, '..'),
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: 'src/storage/disk-worker.ts',
      write: false,
      target: 'node24',
      minify: false,
      rolldownOptions: { output: { format: 'cjs', codeSplitting: false } },
    },
  });
  const output = 'output' in result ? result.output : [];
  const [program, ...others] = output.flatMap((file) => (file.type === 'chunk' ? [file.code] : []));
  if (program === undefined || others.length > 0) throw new Error('the disk worker is not one script');
  return program;
}
