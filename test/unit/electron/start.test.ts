import { describe, expect, test, vi } from 'vitest';
import { bodyOf } from '../../../electron/notifications.ts';
import { refuseUnsafeSwitches, SwitchError } from '../../../electron/start.ts';

vi.mock('electron/main', () => ({ app: {}, dialog: {}, Menu: {}, Notification: class {} }));

const commandLine = (...given: string[]) => ({ hasSwitch: (name: string) => given.includes(name) });

describe('a start of the installed app', () => {
  test.each([
    'remote-debugging-port',
    'remote-debugging-pipe',
    'ignore-certificate-errors',
    'host-resolver-rules',
    'host-rules',
    'inspect',
    'js-flags',
    'load-extension',
    'disable-web-security',
  ])('is refused with --%s, by name; in development it is a tool', (name) => {
    expect(() => refuseUnsafeSwitches(commandLine(name), true)).toThrow(SwitchError);
    expect(() => refuseUnsafeSwitches(commandLine(name), true)).toThrow(`--${name}:`);
    expect(() => refuseUnsafeSwitches(commandLine(name), false)).not.toThrow();
  });

  test('goes on with what people need', () => {
    const usual = commandLine('no-sandbox', 'proxy-server', 'force-device-scale-factor', 'lang', 'ozone-platform');
    expect(() => refuseUnsafeSwitches(usual, true)).not.toThrow();
  });
});

test('what Kite wrote stays text in a notification of Linux, whose bodies are markup', () => {
  const alert = { body: 'Kite said <a href="x">R&D</a>.', action: 'sign-in' } as const;
  const text = 'Kite said <a href="x">R&D</a>. Click for the login page.';
  expect(bodyOf(alert, 'win32')).toBe(text);
  expect(bodyOf(alert, 'darwin')).toBe(text);
  expect(bodyOf(alert, 'linux')).toBe('Kite said &lt;a href="x"&gt;R&amp;D&lt;/a&gt;. Click for the login page.');
  expect(bodyOf({ body: null, action: null }, 'linux')).toBe('');
});
