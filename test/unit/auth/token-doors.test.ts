import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { watchTokenFile } from '../../../src/auth/token-file.ts';
import { readTokenFromStdin } from '../../../src/auth/token-stdin.ts';
import { tokenIn } from '../../../src/auth/token-text.ts';
import type { ClockCourse } from '../../../src/simulation/clock-course.ts';
import { SteerableClock } from '../../../src/simulation/steerable-clock.ts';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { promisedDisk } from '../../support/test-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { AuthFixture, NEW, OLD } from './auth-fixture.ts';

describe('the text of a token', () => {
  test.each<[string, string, string | null]>([
    ['the bare token', NEW, NEW],
    ['the bare token with white space around it', `\n ${NEW} \r\n`, NEW],
    ['JSON', `{"access_token": "${NEW}", "user_id": "AB1234"}`, NEW],
    ['JSON without it', '{"token": "x"}', null],
    ['two words', `${NEW} ${OLD}`, null],
    ['nothing', '', null],
    ['something too short', 'abc', null],
  ])('is found in %s', (_case, text, token) => {
    expect(tokenIn(text)).toBe(token);
  });
});

const disk = promisedDisk(new HomeTasks('', () => undefined, new VirtualClock('2026-11-23T08:52:00+05:30')));

/** A watched file in a folder of its own. */
function watched(): { path: string; clock: VirtualClock; tokens: string[]; log: string[]; watcher: Disposable } {
  const folder = mkdtempSync(join(tmpdir(), 'token-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'token.txt');
  const clock = new VirtualClock('2026-11-23T08:52:00+05:30');
  const tokens: string[] = [];
  const log: string[] = [];
  const watcher = watchTokenFile({
    path,
    disk,
    clock,
    realClock: clock,
    log: (_level, _area, text) => log.push(text),
    onToken: (token) => tokens.push(token),
  });
  onTestFinished(() => watcher[Symbol.dispose]());
  return { path, clock, tokens, log, watcher };
}

describe('a watched token file', () => {
  test.each<[string, Partial<ClockCourse>]>([
    ['stands', { isPaused: true }],
    ['goes on at 60 times', { speed: 60 }],
    ['goes on at half', { speed: 0.5 }],
  ])('is looked at every 100 ms of real time, also when market time %s after the start', async (_case, change) => {
    const real = new VirtualClock('2026-11-29T10:00:00Z');
    const course = { marketMs: real.now(), realMs: real.now(), speed: 1, isPaused: false };
    const clock = new SteerableClock(course, real);
    let looks = 0;
    const stat = async (): Promise<null> => {
      looks++;
      return null;
    };
    using _watcher = watchTokenFile({
      path: '',
      disk: { ...disk, stat },
      clock,
      realClock: real,
      log: () => {},
      onToken: () => {},
    });
    await clock.follow({ ...course, ...change });
    await real.advance(10_000);
    expect(looks).toBe(1 + 100);
  });

  test('may be absent; what is written into it is taken within 200 ms', async () => {
    const { path, clock, tokens, log } = watched();
    await clock.advance(1_000);
    expect([tokens, log]).toEqual([[], []]);
    writeFileSync(path, NEW);
    await clock.advance(200);
    expect(tokens).toEqual([NEW]);
  });

  test('swaps a running desk to the new token within 300 ms', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn(OLD);
    const folder = mkdtempSync(join(tmpdir(), 'token-file-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'token.json');
    using _watcher = watchTokenFile({
      path,
      disk,
      clock: fixture.clock,
      realClock: fixture.clock,
      log: () => {},
      onToken: (token) => void fixture.auth.setToken(token, 'file'),
    });
    const writtenAt = fixture.clock.now();
    writeFileSync(path, JSON.stringify({ access_token: NEW }));
    await fixture.clock.advance(300);
    expect(fixture.auth.session?.accessToken).toBe(NEW);
    expect((fixture.sessions.at(-1)?.atMs ?? 0) - writtenAt).toBeLessThanOrEqual(300);
  });

  test('is followed through replacement and deletion, and tells each token once', async () => {
    const { path, clock, tokens } = watched();
    writeFileSync(path, OLD);
    await clock.advance(300);
    writeFileSync(path, `${OLD}\n`);
    await clock.advance(300);
    writeFileSync(`${path}.tmp`, NEW);
    renameSync(`${path}.tmp`, path);
    await clock.advance(300);
    unlinkSync(path);
    await clock.advance(300);
    expect(tokens).toEqual([OLD, NEW]);
  });

  test('is not read while it is still being written', async () => {
    const { path, clock, tokens } = watched();
    writeFileSync(path, NEW.slice(0, 10));
    await clock.advance(100);
    writeFileSync(path, NEW);
    await clock.advance(300);
    expect(tokens).toEqual([NEW]);
  });

  test('tells of trouble once, without quoting the file, and recovers', async () => {
    const { path, clock, tokens, log } = watched();
    writeFileSync(path, 'not a token at all');
    await clock.advance(3_000);
    writeFileSync(path, `${'x'.repeat(5_000)}`);
    await clock.advance(3_000);
    expect(log).toEqual(['The token file does not hold an access token.']);
    writeFileSync(path, NEW);
    await clock.advance(300);
    expect(tokens).toEqual([NEW]);
  });

  test('is left alone after disposal', async () => {
    const { path, clock, tokens, watcher } = watched();
    watcher[Symbol.dispose]();
    writeFileSync(path, NEW);
    await clock.advance(1_000);
    expect(tokens).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('a token from standard input', () => {
  test.each<[string, string[]]>([
    ['a line', [`${NEW}\n`]],
    ['a line in pieces', [NEW.slice(0, 5), `${NEW.slice(5)}\nignored`]],
    ['a line that the end of input finishes', [NEW]],
  ])('is %s', async (_case, chunks) => {
    expect(await readTokenFromStdin(Readable.from(chunks))).toEqual({ ok: true, value: NEW });
  });

  test.each<[string, string[]]>([
    ['empty', []],
    ['endless', Array.from({ length: 10 }, () => 'x'.repeat(1_000))],
    ['about something else', ['hello world\n']],
  ])('is refused when the input is %s', async (_case, chunks) => {
    expect(await readTokenFromStdin(Readable.from(chunks))).toMatchObject({ ok: false, error: { code: 'bad-token' } });
  });
});
