/** `npm run bench -- [name…] [--json FILE]`: measures the budgets of the product, each benchmark in its own process. */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Figures } from './bench.ts';
import { benches } from './benches.ts';
import type { BenchOutcome } from './outcome.ts';
import { tableOf } from './table.ts';

const usage = `Usage: npm run bench -- [name…] [--json FILE]

${benches.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

Without names all of them, about twelve minutes.
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Options {
  readonly chosen: readonly Bench[];
  readonly json: string | null;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  say(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`);
  say('Times depend on the machine and on what else it does; ratios are from interleaved rounds.');
  const measured: Record<string, Figures> = {};
  let failures = 0;
  for (const bench of options.chosen) {
    say('');
    const outcome = await runApart(bench);
    if (outcome.result === 'measured') {
      measured[bench.name] = outcome.figures;
      say(tableOf(bench, outcome.figures));
    } else {
      if (outcome.result === 'failed') failures++;
      say(`${bench.name}: ${bench.title}\n  not measured: ${outcome.reason}`);
    }
    for (const note of outcome.notes) say(`  ${note}`);
  }
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(measured, null, 2)}\n`);
  return failures > 0 ? 1 : 0;
}

/** Null when there is something on the command line that is not known. */
function readOptions(args: readonly string[]): Options | 'help' | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return 'help';
    const chosen = positionals.map((wanted) => benches.find(({ name }) => name === wanted));
    if (chosen.includes(undefined)) return null;
    const named = chosen.filter((bench) => bench !== undefined);
    return { chosen: named.length === 0 ? benches : named, json: values.json ?? null };
  } catch {
    return null;
  }
}

/** A process of its own: no benchmark runs on code or memory another one has shaped. */
function runApart({ name }: Bench): Promise<BenchOutcome> {
  const child = fork(join(import.meta.dirname, 'run-one.ts'), [name], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as BenchOutcome));
    child.once('exit', (code) => resolve({ result: 'failed', reason: `its process ended with ${code}`, notes: [] }));
  });
}

process.exit(await main());
