/** Runs one benchmark in this process and tells its parent what came of it. Argument: its name. */
import { BenchUnavailableError } from './bench.ts';
import { benches } from './benches.ts';
import type { BenchOutcome } from './outcome.ts';

const bench = benches.find(({ name }) => name === process.argv[2]);
const notes: string[] = [];

async function outcome(): Promise<BenchOutcome> {
  if (bench === undefined) return { result: 'failed', reason: 'no such benchmark', notes };
  try {
    return { result: 'measured', figures: await bench.run((line) => notes.push(line)), notes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isUnavailable = error instanceof BenchUnavailableError;
    return { result: isUnavailable ? 'unavailable' : 'failed', reason, notes };
  }
}

process.send?.(await outcome(), () => process.exit(0));
