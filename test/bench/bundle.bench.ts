/** What the interface weighs: its scripts and styles as built, compressed. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Bench, BenchUnavailableError } from './bench.ts';

const built = join(import.meta.dirname, '..', '..', 'out', 'renderer');
const KB = 1024;

export const bundleBench: Bench = {
  name: 'bundle',
  title: 'the interface as it is built',
  figures: [
    { name: 'scriptGzipKB', what: 'scripts, gzip', unit: 'KB', atMost: 350 },
    { name: 'scriptKB', what: 'scripts', unit: 'KB' },
    { name: 'styleGzipKB', what: 'styles, gzip', unit: 'KB' },
  ],
  run: async () => {
    if (!existsSync(built)) throw new BenchUnavailableError('the interface is not built: npm start builds it');
    const scripts = contentsOf('js');
    if (scripts.length === 0) throw new BenchUnavailableError('the built interface has no scripts');
    return {
      scriptGzipKB: gzippedKB(scripts),
      scriptKB: scripts.reduce((sum, script) => sum + script.length, 0) / KB,
      styleGzipKB: gzippedKB(contentsOf('css')),
    };
  },
};

function contentsOf(ending: string): readonly Buffer[] {
  return globSync(`**/*.${ending}`, { cwd: built }).map((path) => readFileSync(join(built, path)));
}

function gzippedKB(contents: readonly Buffer[]): number {
  return contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0) / KB;
}
