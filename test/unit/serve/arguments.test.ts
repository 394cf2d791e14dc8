import { describe, expect, it } from 'vitest';
import { ArgumentsError, parseStartArguments, usage } from '../../../src/serve/arguments.ts';

const plain = { port: null, open: true, home: null, keyFile: null, tokenStdin: false, help: false };

describe('the command line of npm start', () => {
  it.each([
    [[], plain],
    [['--browser'], plain],
    [['--port', '0', '--no-open'], { ...plain, port: 0, open: false }],
    [['--port=65535'], { ...plain, port: 65_535 }],
    [['--home', '/tmp/x', '--token-stdin'], { ...plain, home: '/tmp/x', tokenStdin: true }],
    [['--key-file', '/tmp/k'], { ...plain, keyFile: '/tmp/k' }],
    [['-h'], { ...plain, help: true }],
  ])('reads %j', (args, expected) => {
    expect(parseStartArguments(args)).toEqual(expected);
  });

  it.each([
    ['--port', '65536'],
    ['--port', '80x'],
    ['--port', '-1'],
    ['--port', ''],
    ['--port', '1e3'],
    ['--port'],
  ])('refuses %j %j, naming the option', (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    expect(() => parseStartArguments(given)).toThrow(ArgumentsError);
    expect(() => parseStartArguments(given)).toThrow(/--port|-1/);
  });

  it.each([['--prot'], ['here'], ['--open'], ['--no-open=maybe']])('refuses %j', (arg) => {
    expect(() => parseStartArguments([arg])).toThrow(ArgumentsError);
  });

  it('has a usage that names every option it takes', () => {
    for (const option of ['--browser', '--port', '--no-open', '--home', '--key-file', '--token-stdin', '--help']) {
      expect(usage).toContain(`  ${option} `);
    }
  });
});
