import { describe, expect, it } from 'vitest';
import { CliError, parseCli } from '../../exchange/cli-options.ts';

const NOW = Date.parse('2026-11-23T10:00:00+05:30');

describe('the command line of the exchange', () => {
  it('follows the PC’s clock on any free port unless told otherwise', () => {
    expect(parseCli([], NOW)).toEqual({
      port: 0,
      seed: 1,
      dataDir: null,
      redirectUrl: null,
      clock: null,
      app: null,
      deadTokenFile: null,
    });
  });

  it.each([
    [['--at', '08:50'], '2026-11-23T08:50:00+05:30', 1],
    [['--date', '2025-12-22'], '2025-12-22T10:00:00+05:30', 1],
    [['--date', '2025-12-22', '--at', '09:14:30', '--speed', '60'], '2025-12-22T09:14:30+05:30', 60],
    [['--speed', '20'], '2026-11-23T10:00:00+05:30', 20],
  ])('starts market time with %j at %s', (args, instant, speed) => {
    expect(parseCli(args, NOW)?.clock).toEqual({ marketMs: Date.parse(instant), speed, realMs: NOW });
  });

  it('can run in step with another process', () => {
    const spec = '2026-11-23T08:49:50+05:30@20@2026-11-23T04:00:00.000Z';
    expect(parseCli(['--clock', spec], NOW)?.clock).toEqual({
      marketMs: Date.parse('2026-11-23T08:49:50+05:30'),
      speed: 20,
      realMs: Date.parse('2026-11-23T04:00:00Z'),
    });
  });

  it.each([
    [['--bogus']],
    [['extra']],
    [['--port', '70000']],
    [['--port', '']],
    [['--date', '2026-02-30']],
    [['--at', '24:00']],
    [['--speed', '0']],
    [['--speed', 'fast']],
    [['--seed', '1.5']],
    [['--clock', 'noon']],
    [['--clock', '2026-11-23T08:49:50+05:30@20', '--speed', '2']],
    [['--redirect-url', 'not a url']],
  ])('refuses %j', (args) => {
    expect(() => parseCli(args, NOW)).toThrow(CliError);
  });

  it('gives help instead', () => {
    expect(parseCli(['--help'], NOW)).toBeNull();
  });
});
