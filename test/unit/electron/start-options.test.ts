import { expect, test } from 'vitest';
import { parseShellArguments } from '../../../electron/arguments.ts';
import { ShellLog } from '../../../electron/shell-log.ts';

test('the own options are read among switches of Chromium and of test tools', () => {
  const args = [
    '--remote-debugging-port=0',
    '--no-sandbox',
    'out/electron/main.mjs',
    '--hidden',
    '--home',
    '/tmp/desk',
  ];
  expect(parseShellArguments(args)).toEqual({ hidden: true, home: '/tmp/desk', tokenStdin: false, help: false });
});

test('without arguments the window opens on the usual home', () => {
  expect(parseShellArguments([])).toEqual({ hidden: false, home: null, tokenStdin: false, help: false });
});

test('what is logged before there is a desk is passed on in order, and then directly', () => {
  const log = new ShellLog();
  const lines: string[] = [];
  log.write('info', 'app', 'first');
  log.write('warning', 'app', 'second');
  log.connect((_level, _area, text) => lines.push(text));
  log.write('info', 'app', 'third');
  expect(lines).toEqual(['first', 'second', 'third']);
});
