import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeskClient } from '../../build/demo/desk-client.ts';
import { freePort } from '../support/free-port.ts';

const root = join(import.meta.dirname, '..', '..');
const START = 'src/serve/main.ts';
const DEMO = 'build/demo.ts';
const EXCHANGE = 'test/exchange/main.ts';
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** A program on the command line, as a person sees it. */
interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  output(): string;
  errors(): string;
  /** Waits until its standard output has this. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, null when a signal ended it. */
  readonly exit: Promise<number | null>;
}

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, MDTS_SECRETS: 'memory', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { output: '', errors: '' };
  const waiting = new Set<() => void>();
  child.stdout.on('data', (data) => {
    said.output += data;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (data) => {
    said.errors += data;
  });
  // `close` comes when the streams have been read to the end, too.
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return {
    child,
    exit,
    output: () => said.output,
    errors: () => said.errors,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(said.output);
          if (found === null) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void exit.then((code) => reject(new Error(`ended with ${code} without saying ${pattern}: ${said.errors}`)));
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** A program in place of the system's that opens addresses: it writes down what it was given. */
function recordingOpener(folder: string): { readonly env: Record<string, string>; given(): Promise<string> } {
  const record = join(folder, 'given');
  const name = process.platform === 'darwin' ? 'open' : 'xdg-open';
  writeFileSync(join(folder, name), `#!/bin/sh\n{ echo "$@"; env; } > ${record}.part\nmv ${record}.part ${record}\n`);
  chmodSync(join(folder, name), 0o755);
  const watcher = watch(folder);
  const written = new Promise<string>((resolve) => {
    watcher.on('change', () => {
      if (existsSync(record)) resolve(readFileSync(record, 'utf8'));
    });
  });
  return {
    env: { PATH: `${folder}${delimiter}${process.env.PATH}`, DISPLAY: ':99' },
    given: () => written.finally(() => watcher.close()),
  };
}

describe('the command line', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mdts-command-line-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const start = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Running =>
    run(START, ['--no-open', '--home', home, ...args], {
      MDTS_API_ROOT: NOWHERE,
      MDTS_LOGIN_ROOT: NOWHERE,
      MDTS_TICKER_ROOT: NOWHERE.replace('http', 'ws'),
      ...env,
    });

  it.skipIf(process.platform === 'win32')(
    'hands a browser a code that opens the page once, never the key, and none of its own variables',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mdts-opener-'));
      try {
        const opener = recordingOpener(folder);
        const planted = { MDTS_API_SECRET: 'planted-secret', MDTS_ACCESS_TOKEN: 'planted-token' };
        await using app = run(START, ['--home', home, '--port', '0'], {
          MDTS_API_ROOT: NOWHERE,
          MDTS_LOGIN_ROOT: NOWHERE,
          MDTS_TICKER_ROOT: NOWHERE.replace('http', 'ws'),
          ...planted,
          ...opener.env,
        });
        const [, key = ''] = await app.says(/^ready http:\/\/127\.0\.0\.1:\d+\/\?key=(\S+)$/m);
        const given = await opener.given();
        const [address = '', ...environment] = given.split('\n');
        expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]{32}$/);
        expect(given).not.toContain(key);
        expect(environment.filter((line) => /MDTS_|planted/.test(line))).toEqual([]);
        const opened = await fetch(address, { redirect: 'manual' });
        expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
        expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('keeps the key in a file when it is told to, and prints nothing of it', async () => {
    const keyFile = join(home, 'key');
    await using app = start(['--port', '0', '--key-file', keyFile]);
    const [, origin] = await app.says(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
    const key = readFileSync(keyFile, 'utf8').trim();
    if (process.platform !== 'win32') expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect((await fetch(`${origin}/api/token-status`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(
      200,
    );
    expect(app.output() + app.errors()).not.toContain(key);
  });

  it.skipIf(process.platform === 'win32')(
    'a killed app ends its simulation, which got none of its variables and leaves no file',
    async () => {
      const temporary = mkdtempSync(join(tmpdir(), 'mdts-killed-'));
      try {
        // The real exchange, which writes down how it began and that it ended.
        const entry = join(home, 'exchange.mjs');
        const [began, ended] = [join(home, 'began'), join(home, 'ended')];
        writeFileSync(
          entry,
          `import { writeFileSync } from 'node:fs';
           writeFileSync(${JSON.stringify(began)}, JSON.stringify(Object.keys(process.env)));
           process.on('exit', () => writeFileSync(${JSON.stringify(ended)}, 'yes'));
           await import(${JSON.stringify(pathToFileURL(join(root, EXCHANGE)).href)});`,
        );
        const app = run(START, ['--no-open', '--port', '0', '--home', home], {
          MDTS_EXCHANGE_ENTRY: entry,
          MDTS_API_SECRET: 'planted',
          TMPDIR: temporary,
        });
        const [, url = ''] = await app.says(/^ready (\S+)$/m);
        expect(await new DeskClient(url).invoke('simulation.start', {})).toMatchObject({ ok: true });
        expect(JSON.parse(readFileSync(began, 'utf8')).filter((name: string) => name.startsWith('MDTS_'))).toEqual([]);
        const watcher = watch(home);
        const end = new Promise<void>((resolve) => {
          watcher.on('change', () => existsSync(ended) && resolve());
        });
        app.child.kill('SIGKILL');
        await end.finally(() => watcher.close());
        expect(readdirSync(temporary)).toEqual([]);
      } finally {
        rmSync(temporary, { recursive: true });
      }
    },
  );

  it('starts, says where it is, refuses a second copy politely, and gives everything back when it ends', async () => {
    const port = await freePort();
    const first = start(['--port', String(port)]);
    try {
      const [line] = await first.says(/^ready http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{32}$/m);
      expect(line).toContain(`http://127.0.0.1:${port}/?key=`);
      expect((await fetch(`${new URL(line.slice(6)).origin}/api/health${new URL(line.slice(6)).search}`)).status).toBe(
        200,
      );

      await using second = start(['--port', '0']);
      expect(await second.exit).toBe(1);
      expect(second.output()).toBe('');
      expect(second.errors()).toBe(
        `MyDailyTradingSignals is already running with ${join(home, 'simulated')} (process ${first.child.pid}): use that one, or give this one another folder with --home.\n`,
      );
    } finally {
      first.child.kill('SIGTERM');
    }
    expect(await first.exit).toBe(0);
    expect(first.output().trim().split('\n')).toHaveLength(1);
    await using third = start(['--port', String(port)]);
    await third.says(/^ready /m);
  });

  it('gives the home back when it is killed without a word', async () => {
    const first = start(['--port', '0']);
    await first.says(/^ready /m);
    first.child.kill('SIGKILL');
    await first.exit;
    await using second = start(['--port', '0']);
    await second.says(/^ready /m);
  });

  it('names a port that is taken, and one that is free', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => {
      other.listen(port, '127.0.0.1', resolve);
    });
    try {
      await using program = start(['--port', String(port)]);
      expect(await program.exit).toBe(1);
      const [, busy, free] = /Port (\d+) is in use by another program; (\d+) is free\.$/m.exec(program.errors()) ?? [];
      expect([Number(busy), Number(free) > 0]).toEqual([port, true]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it.each([
    [START, ['--prot', '80'], 'Usage: npm start --'],
    [DEMO, ['--date', '2026-02-30'], 'Usage: npm run demo --'],
    [EXCHANGE, ['--colour'], 'Usage: npm run exchange --'],
  ])('%s %j: says what is wrong, prints the usage, and ends with 2', async (script, args, usage) => {
    await using program = run(script, args, { MDTS_HOME: home });
    expect(await program.exit).toBe(2);
    expect(program.output()).toBe('');
    expect(program.errors()).toContain(usage);
    expect(program.errors().split('\n')[0]).toContain(args[0]);
  });

  it.each([START, DEMO, EXCHANGE])('%s --help prints the usage and ends with 0', async (script) => {
    await using program = run(script, ['--help'], { MDTS_HOME: home });
    expect([await program.exit, program.errors()]).toEqual([0, '']);
    expect(program.output()).toMatch(/^Usage: npm /);
  });

  it('names an environment variable it cannot use, and not its value', async () => {
    await using program = start([], { MDTS_API_ROOT: 'file:///etc/passwd' });
    expect(await program.exit).toBe(1);
    expect(program.errors()).toBe('Cannot use MDTS_API_ROOT: not of the documented form.\n');
  });

  it.skipIf(process.platform === 'win32')(
    'writes files for the trader alone, also into a folder that others may read',
    async () => {
      chmodSync(home, 0o755);
      await using app = start(['--port', '0']);
      await app.says(/^ready /m);
      const folder = join(home, 'simulated');
      const open = readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
      expect([readdirSync(folder).length > 0, open]).toEqual([true, []]);
    },
  );

  it('an exchange that was started for the app ends when the app is killed, and not with the terminal’s Ctrl-C', async () => {
    const starter = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ${JSON.stringify(join(root, EXCHANGE))}, '--child'], { stdio: ['pipe', 'inherit', 'ignore'] });
      child.on('spawn', () => process.stdout.write('pid ' + child.pid + '\\n'));
      process.stdin.resume();`;
    const parent = spawn(process.execPath, ['-e', starter], { stdio: ['pipe', 'pipe', 'ignore'] });
    const saidAll = new Promise<void>((resolve) => parent.stdout.once('close', () => resolve()));
    const { address, pid } = await new Promise<{ address: string; pid: number }>((resolve) => {
      let said = '';
      parent.stdout.on('data', (text) => {
        said += text;
        const found = /^exchange (http:\S+)$/m.exec(said)?.[1];
        const child = /^pid (\d+)$/m.exec(said)?.[1];
        if (found !== undefined && child !== undefined) resolve({ address: found, pid: Number(child) });
      });
    });
    const state = async (): Promise<number> => (await fetch(`${address}/__control/state`)).status;
    expect(await state()).toBe(200);
    if (process.platform !== 'win32') {
      for (const signal of ['SIGINT', 'SIGHUP'] as const) process.kill(pid, signal);
      for (let times = 0; times < 5; times++) expect(await state()).toBe(200);
    }
    parent.kill('SIGKILL');
    // Its output ends with the last process that writes to it.
    await saidAll;
    await expect(state()).rejects.toThrow();
  });

  it('two demos wait for their logins at once, neither where the app’s own login comes back', async () => {
    const demo = async (name: string): Promise<Running> => {
      const when = ['--date', '2026-11-23', '--at', '10:00', '--speed', '1'];
      return run(DEMO, [...when, '--no-open', '--port', String(await freePort()), '--home', join(home, name)]);
    };
    await using one = await demo('one');
    await using two = await demo('two');
    const started = [];
    for (const program of [one, two]) {
      const [, url = ''] = await program.says(/^ready (\S+)$/m);
      started.push(await new DeskClient(url).invoke('login.start', {}));
    }
    expect(started).toMatchObject([{ ok: true }, { ok: true }]);
    const kept = ['one', 'two'].map((name) => readFileSync(join(home, name, 'simulated', 'settings.json'), 'utf8'));
    const ports = kept.map((text) => /127\.0\.0\.1:(\d+)\/kite\/callback/.exec(text)?.[1]);
    expect([new Set([...ports, '7414', undefined]).size, ports.length]).toEqual([4, 2]);
  });

  it('a demo that is asked to end again and again ends in order, and takes its folder with it', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'mdts-ended-'));
    await using demo = run(DEMO, ['--browser', '--no-open', '--port', '0'], { TMPDIR: temporary });
    await demo.says(/^ready /m);
    expect(readdirSync(temporary).length).toBeGreaterThan(0);
    let isOver = false;
    void demo.exit.then(() => {
      isOver = true;
    });
    while (!isOver) {
      demo.child.kill('SIGINT');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await demo.exit).toBe(0);
    expect(demo.output()).not.toContain('ended from the app');
    expect(readdirSync(temporary).filter((name) => name.startsWith('mdts-'))).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  it('plays a demo of a holiday and of a day outside the calendar: says so, shows the app, prints the record', async () => {
    const demo = async (date: string): Promise<{ readonly exit: number | null; readonly output: string }> => {
      const when = ['--date', date, '--at', '08:50', '--exit-at', '08:51', '--speed', '600'];
      const where = ['--no-open', '--port', String(await freePort()), '--home', join(home, date)];
      await using program = run(DEMO, [...when, ...where]);
      const exit = await program.exit;
      return { exit, output: program.output() };
    };
    const [holiday, beyond] = await Promise.all([demo('2026-11-24'), demo('2027-01-04')]);
    expect([holiday.exit, beyond.exit]).toEqual([0, 0]);
    for (const { output } of [holiday, beyond]) expect(output).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\/\?key=/m);
    expect(holiday.output).toMatch(
      /^2026-11-24 \(Guru Nanak Jayanti\) is a holiday: the app starts nothing and names it\.$/m,
    );
    expect(holiday.output).toMatch(/^2026-11-24 +holiday: Guru Nanak Jayanti +SIMULATED$/m);
    expect(beyond.output).toMatch(
      /^2027-01-04 \(the calendar covers only .+\) is outside the calendar: .+ runs by the last known hours\.$/m,
    );
    expect(beyond.output).toMatch(/^ +\d\d:\d\d:\d\d +Calendar unknown for 2027-01-04/m);
    expect(beyond.output).toMatch(/^feed-start +08:55:00/m);
  });
});
