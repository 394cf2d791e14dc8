import { describe, expect, it } from 'vitest';
import { DemoArgumentsError, demoUsage, parseDemoArguments } from '../../../build/demo/arguments.ts';

const plain = {
  date: null,
  at: '08:49:30',
  speed: 20,
  autoLogin: null,
  exitAt: null,
  browser: false,
  port: null,
  open: true,
  home: null,
  help: false,
};

describe('the command line of npm run demo', () => {
  it.each([
    [[], plain],
    [
      '--browser --no-open --date 2026-11-23 --at 08:49:30 --speed 60 --auto-login 08:52 --exit-at 15:46'.split(' '),
      { ...plain, browser: true, open: false, date: '2026-11-23', speed: 60, autoLogin: '08:52', exitAt: '15:46' },
    ],
    [['--speed', '0.5', '--port', '7000', '--home', '/tmp/x'], { ...plain, speed: 0.5, port: '7000', home: '/tmp/x' }],
    [['--at', '23:59'], { ...plain, at: '23:59' }],
    [['--help'], { ...plain, help: true }],
  ])('reads %j', (args, expected) => {
    expect(parseDemoArguments(args)).toEqual(expected);
  });

  it.each([
    ['--date', '2026-02-30'],
    ['--date', '23.11.2026'],
    ['--date', 'today'],
    ['--at', '24:00'],
    ['--at', '9:00'],
    ['--at', '09:60'],
    ['--auto-login', '08:52:5'],
    ['--exit-at', 'noon'],
    ['--speed', '0'],
    ['--speed', '-5'],
    ['--speed', '1001'],
    ['--speed', 'fast'],
    ['--speed', 'NaN'],
    ['--speed', ''],
  ])('refuses %s %j, naming the option', (option, value) => {
    expect(() => parseDemoArguments([`${option}=${value}`])).toThrow(DemoArgumentsError);
    expect(() => parseDemoArguments([`${option}=${value}`])).toThrow(option);
  });

  it.each(['--fast', 'tomorrow', '--date', '--no-browser'])('refuses %j', (arg) => {
    expect(() => parseDemoArguments([arg])).toThrow(DemoArgumentsError);
  });

  it('has a usage that names every option it takes', () => {
    const options = ['date', 'at', 'speed', 'auto-login', 'exit-at', 'browser', 'port', 'no-open', 'home', 'help'];
    for (const option of options) expect(demoUsage).toContain(`  --${option} `);
  });
});
