/** No test waits on the wall clock: what it waits for is an event, and time is the virtual clock's. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/** Waiting for an amount of real time, in any of its spellings; `clock.setTimeout` is virtual time, or the app's own. */
const waits =
  /(?<![.\w])(?:setTimeout|setInterval)\((?!run: )|waitForTimeout|\bsleep\(|scheduler\.wait|retries: [1-9]|retry: [1-9]/g;
/** Reading it. */
const readings = /\bDate\.now\(\)|\bperformance\.now\(\)|\bhrtime\b/g;

/** How often a file waits or reads the clock, and why it may. Benchmarks measure real time: they are not tests. */
const allowedWaits: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'test/electron/desktop.ts': [1, 'asks Chromium again until it has heard of the page; Playwright bounds it'],
  'test/electron/register.ts': [1, 'keeps the process alive, as Electron does without a window'],
  'test/renderer-fixture/fixture-bridge.ts': [1, 'the pace of the made-up market; nothing waits for so many ms'],
  'test/support/settle.ts': [1, 'gives other threads the processor while a request is in hand; bounded'],
};
const allowedReadings: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'test/desktop/ipc.spec.ts': [4, 'keeps a page busy, and orders what it received by the stamps of what was sent'],
  'test/desktop/kept-record.ts': [1, 'names a file that cannot be read; there is none'],
  'test/desktop/market-day.ts': [1, 'starts the market’s clock'],
  'test/e2e/running-app.ts': [1, 'starts the market’s clock'],
  'test/electron/request-rules.ts': [1, 'a field of Electron’s own events'],
  'test/exchange/main.ts': [2, 'composition root of the simulated exchange'],
  'test/renderer-fixture/fixture-bridge.ts': [2, 'the desk’s time as a page gets it'],
  'test/support/loopback-traffic.ts': [1, 'gives up on bytes that never arrive'],
  'test/support/settle.ts': [2, 'gives up on a request that is never answered'],
};

function found(pattern: RegExp): Record<string, number> {
  const files = execFileSync('git', ['ls-files', 'test', 'vitest.config.ts'], { cwd: root, encoding: 'utf8' }).split(
    '\n',
  );
  const counts: Record<string, number> = {};
  for (const file of files) {
    if (!/\.(ts|tsx|cjs|mjs|sh)$/.test(file) || file.startsWith('test/bench/') || file.endsWith('wall-clock.test.ts'))
      continue;
    const count = readFileSync(join(root, file), 'utf8').match(pattern)?.length ?? 0;
    if (count > 0) counts[file] = count;
  }
  return counts;
}

const counted = (allowed: typeof allowedWaits): Record<string, number> =>
  Object.fromEntries(Object.entries(allowed).map(([file, [count]]) => [file, count]));

describe('the tests', () => {
  it('wait for events, never for an amount of real time, and try nothing twice', () => {
    expect(found(waits)).toEqual(counted(allowedWaits));
  });

  it('read the real clock only where it starts the market’s or bounds what has no event', () => {
    expect(found(readings)).toEqual(counted(allowedReadings));
  });

  it('listen on no fixed port', () => {
    expect(found(/\.listen\(['"`]?[1-9]|\blistenOn\([1-9]/g)).toEqual({});
  });

  it('are all run: none is left out and none alone', () => {
    expect(found(/\b(?:it|test|describe)\.(?:only|todo)\b|\b(?:it|describe)\.skip\(/g)).toEqual({});
  });
});
