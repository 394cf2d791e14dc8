/**
 * `npm run demo`: a trading day on the bundled simulated exchange. Starts the exchange with a token that died this
 * morning, starts the app against it on the same market clock, signs in by itself when asked to, and prints the day's
 * record at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, formatClockSpec, scaledClock } from '../src/clock.ts';
import { defaultSettings } from '../src/contract/settings.ts';
import { formatJournal } from '../src/history/journal-text.ts';
import { bundledCalendar } from '../src/market/bundled-calendar.ts';
import { type IstDate, instantOf, istDateOf } from '../src/market/ist.ts';
import { simulatedDate } from '../src/market/simulated-day.ts';
import { demoApp, demoUser } from '../test/exchange/exchange.ts';
import { logInAs } from '../test/exchange/login/login-robot.ts';
import { DemoArgumentsError, type DemoOptions, demoUsage, parseDemoArguments } from './demo/arguments.ts';
import { DeskClient } from './demo/desk-client.ts';
import { type Program, startProgram } from './demo/program.ts';

/** Both programs are up before the market clock starts to run; real ms. */
const LEAD_MS = 3_500;

const root = join(import.meta.dirname, '..');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const options = parseDemoArguments(process.argv.slice(2));
  if (options.help) {
    say(demoUsage);
    return 0;
  }
  const today = istDateOf(Date.now());
  const date = options.date ?? simulatedDate(bundledCalendar(), today);
  if (options.date === null && date !== today) say(`No trading today: playing the last trading day, ${date}.`);
  sayDay(date);
  const spec = { marketMs: instantOf(date, options.at), speed: options.speed, realMs: Date.now() + LEAD_MS };
  const clock = scaledClock(spec);
  const folder = mkdtempSync(join(tmpdir(), 'mdts-demo-'));
  const programs: Program[] = [];
  const interrupted = interruption();
  try {
    const exchange = startProgram(
      join(root, 'test', 'exchange', 'main.ts'),
      ['--clock', formatClockSpec(spec), '--redirect-url', defaultSettings.redirectUrl, '--child'],
      {},
    );
    programs.push(exchange);
    const deadToken = await exchange.line(/^dead token (\S+)$/);
    const address = await exchange.line(/^exchange (http:\/\/\S+)$/);
    const app = startProgram(join(root, 'src', 'serve', 'main.ts'), appArguments(options, folder), {
      MDTS_API_ROOT: address,
      MDTS_LOGIN_ROOT: address,
      MDTS_TICKER_ROOT: address.replace(/^http/, 'ws'),
      MDTS_CLOCK: formatClockSpec(spec),
      MDTS_SECRETS: 'memory',
      MDTS_API_KEY: demoApp.apiKey,
      MDTS_API_SECRET: demoApp.apiSecret,
      MDTS_ACCESS_TOKEN: deadToken,
    });
    programs.push(app);
    const url = await app.line(/^ready (http:\/\/\S+)$/);
    say(`ready ${url}`);
    const desk = new DeskClient(url);
    if (options.autoLogin !== null) void signInAt(desk, clock, instantOf(date, options.autoLogin));
    if (options.exitAt === null) return await Promise.race([app.exit, exchange.exit, interrupted]);
    const exitAt = at(clock, instantOf(date, options.exitAt));
    const ended = await Promise.race([exitAt, app.exit, exchange.exit, interrupted]);
    if (ended !== 'reached') return 1;
    say('');
    say(formatJournal(await desk.journal()));
    return 0;
  } finally {
    for (const program of programs.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves with the exit code once this process is asked to end: its programs are then stopped in order. */
function interruption(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(0));
  });
}

/** Says at once what kind of day was asked for: on a holiday the demo shows what the app does on one. */
function sayDay(date: IstDate): void {
  const day = bundledCalendar().day(date);
  if (day.kind === 'trading') return;
  const words = {
    holiday: 'a holiday: the app starts nothing and names it',
    weekend: 'a weekend: the app starts nothing',
    special: day.hours === 'unpublished' ? 'a special session without published hours' : 'a special session',
    unknown: 'outside the calendar: the app says so and runs by the last known hours',
  }[day.kind];
  say(`${date} (${day.reason}) is ${words}.`);
}

function appArguments(options: DemoOptions, folder: string): string[] {
  return [
    '--home',
    options.home ?? join(folder, 'home'),
    ...(options.port === null ? [] : ['--port', options.port]),
    ...(options.open ? [] : ['--no-open']),
  ];
}

/** Signs in as the simulated user, through the same pages and callback a trader uses. */
async function signInAt(desk: DeskClient, clock: Clock, instantMs: number): Promise<void> {
  await at(clock, instantMs);
  const login = await desk.invoke('login.start', {});
  if (!login.ok) {
    say(`Signing in failed: ${login.error.message}`);
    return;
  }
  await fetch(await logInAs(demoUser, login.value.url));
}

function at(clock: Clock, instantMs: number): Promise<'reached'> {
  return new Promise((resolve) => {
    clock.setTimeout(() => resolve('reached'), instantMs - clock.now());
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof DemoArgumentsError) {
      process.stderr.write(`${error.message}\n\n${demoUsage}`);
      process.exit(2);
    }
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : 'unknown error'}\n`);
    process.exit(1);
  },
);
