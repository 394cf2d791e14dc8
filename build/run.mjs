/**
 * The one door of every npm command: does the set-up, then hands over to the command's own program under the project's
 * Node. `npm start -- --browser` arrives here as `start --browser`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  electronExecutable,
  ensureInstalled,
  ensureInterface,
  ensureShell,
  projectNode,
  requireNode20,
  root,
  runTool,
  say,
} from './setup.mjs';

const [command = '', ...args] = process.argv.slice(2);

const commands = {
  start: () => startApp(args),
  demo: () => hand('build/demo.ts', args, { interface: true }),
  dev: () => hand('build/dev.ts', args),
  exchange: () => hand('test/exchange/main.ts', args),
  build: () => build(),
  typecheck: () => process.exit(typecheck()),
  lint: () => process.exit(lint()),
  check: () => process.exit([typecheck(), lint()].find((code) => code !== 0) ?? 0),
  format: () => process.exit(runTool('@biomejs/biome/bin/biome', ['check', '--write', '.'])),
  test: () => hand('build/test.ts', args, { interface: true }),
  'test:long': () => hand('build/test.ts', ['--long', ...args], { interface: true }),
  'test:unit': () => process.exit(vitest('unit*')),
  'test:integration': () => process.exit(vitest('integration')),
  'test:e2e': () => hand('build/test-e2e.ts', args, { interface: true }),
  'test:desktop': () => hand('build/test-desktop.ts', args, { interface: true }),
  bench: () => hand('test/bench/main.ts', args),
  dist: () => hand('build/dist.ts', args),
};

requireNode20();
const run = commands[command];
if (run === undefined) {
  say(`Unknown command "${command}". There are: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}
ensureInstalled();
run();

/** The app in Electron; in browser mode when asked for, or when Electron's binary is not to be had. */
function startApp(appArgs) {
  const electron = appArgs.includes('--browser') ? null : electronExecutable();
  if (electron !== null) {
    ensureInterface();
    ensureShell();
    handTo(electron, [root, ...appArgs]);
    return;
  }
  if (!appArgs.includes('--browser')) say('Electron is not available on this machine: going on in browser mode.');
  hand('src/serve/main.ts', appArgs, { interface: true });
}

function typecheck() {
  return runTool('typescript/bin/tsc', ['-p', '.']);
}

function lint() {
  return runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
}

/** `project`: of `vitest.config.ts`. */
function vitest(project) {
  return runTool('vitest/vitest.mjs', ['run', '--project', project, ...args], process.env);
}

/** Interface and shell, bundled as `npm start` needs them. */
function build() {
  ensureInterface();
  ensureShell();
}

function hand(script, scriptArgs, needs = {}) {
  if (needs.interface) ensureInterface();
  handTo(projectNode(), ['--disable-warning=ExperimentalWarning', join(root, script), ...scriptArgs]);
}

/**
 * Runs a program in our place: its signals, its streams and its exit code are ours. What Node has compiled is kept beside
 * the packages: half of a start was stripping types and compiling.
 */
function handTo(executable, executableArgs) {
  const simulator = { MDTS_EXCHANGE_ENTRY: join(root, 'test', 'exchange', 'main.ts') };
  const compiled = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled') };
  const child = spawn(executable, executableArgs, {
    cwd: root,
    stdio: 'inherit',
    env: { ...simulator, ...compiled, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
  child.on('error', (error) => {
    say(`Could not start ${executable}: ${error.message}`);
    process.exit(1);
  });
}
