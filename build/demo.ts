/**
 * `npm run demo`: a trading day on the bundled simulated exchange. Starts the exchange with a token that died this
 * morning, starts the app against it on the same market clock, signs in by itself when asked to, and prints the day's
 * record at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, formatClockSpec, systemClock } from '../src/clock.ts';
import { formatJournal } from '../src/history/journal-text.ts';
import { bundledCalendar } from '../src/market/bundled-calendar.ts';
import { instantOf, istDateOf } from '../src/market/ist.ts';
import { simulatedRedirectUrl } from '../src/serve/free-port.ts';
import { clockCourseSchema, courseOf } from '../src/simulation/clock-course.ts';
import { SteerableClock } from '../src/simulation/steerable-clock.ts';
import { demoApp, demoUser } from '../test/exchange/exchange.ts';
import { logInAs } from '../test/exchange/login/login-robot.ts';
import { DemoArgumentsError, type DemoOptions, demoUsage, parseDemoArguments } from './demo/arguments.ts';
import { dayToPlay } from './demo/day-to-play.ts';
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
  const { date, line } = dayToPlay(options.date, istDateOf(Date.now()), bundledCalendar());
  if (line !== null) say(line);
  const spec = { marketMs: instantOf(date, options.at), speed: options.speed, realMs: Date.now() + LEAD_MS };
  const clock = new SteerableClock(courseOf(spec), systemClock());
  const redirectUrl = await simulatedRedirectUrl();
  const folder = mkdtempSync(join(tmpdir(), 'mdts-demo-'));
  const programs: Program[] = [];
  const interrupted = interruption();
  try {
    const exchange = startProgram(
      join(root, 'test', 'exchange', 'main.ts'),
      ['--clock', formatClockSpec(spec), '--redirect-url', redirectUrl, '--child'],
      {},
    );
    programs.push(exchange);
    // The simulation is steered from the app: what is to happen at a market time keeps to it.
    exchange.onLine(/^course (\{.*\})$/, (course) => void clock.follow(clockCourseSchema.parse(JSON.parse(course))));
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
      MDTS_REDIRECT_URL: redirectUrl,
    });
    programs.push(app);
    const url = await app.line(/^ready (http:\/\/\S+)$/);
    say(`ready ${url}`);
    const desk = new DeskClient(url);
    if (options.autoLogin !== null) void signInAt(desk, clock, instantOf(date, options.autoLogin));
    let isInterrupted = false;
    void interrupted.then(() => {
      isInterrupted = true;
    });
    const appEnds = app.exit.then((code) => {
      if (code === 0 && !isInterrupted) say('The simulation was ended from the app. For your own account: npm start');
      return code;
    });
    if (options.exitAt === null) return await Promise.race([appEnds, exchange.exit, interrupted]);
    const exitAt = at(clock, instantOf(date, options.exitAt));
    const ended = await Promise.race([exitAt, appEnds, exchange.exit, interrupted]);
    if (ended === 0) return 0;
    if (ended !== 'reached') return 1;
    say('');
    say(formatJournal(await desk.journal()));
    return 0;
  } finally {
    for (const program of programs.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Resolves with the exit code once this process is asked to end: its programs are then stopped in order. A terminal asks
 * everybody at once, and the npm command hands its own on: the second time must not end what the first has begun.
 */
function interruption(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0));
  });
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
