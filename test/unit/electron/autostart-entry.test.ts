import fc from 'fast-check';
import { expect, test } from 'vitest';
import { autostartEntry } from '../../../electron/power/autostart-entry.ts';

test('the entry starts the program hidden', () => {
  expect(autostartEntry('MyDailyTradingSignals', ['/opt/My App/app', '--hidden']).split('\n')).toEqual([
    '[Desktop Entry]',
    'Type=Application',
    'Name=MyDailyTradingSignals',
    'Exec="/opt/My App/app" "--hidden"',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ]);
});

test('any path comes back as it was when it is read by the rules of the specification', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', ' ', '"', '\\', '$', '`', '%', "'", '&', ';', '\n', '\r', '\t', 'n'),
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (command) => {
      const entry = autostartEntry('App', command);
      expect(readExec(entry)).toEqual(command);
      expect(entry.split('\n')).toHaveLength(7);
    }),
  );
});

/** Reads the Exec key as the desktop entry specification says: string escapes, then quoting, then field codes. */
function readExec(entry: string): string[] {
  const value =
    entry
      .split('\n')
      .find((line) => line.startsWith('Exec='))
      ?.slice('Exec='.length) ?? '';
  const breaks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  const unescaped = value.replaceAll(/\\(.)/g, (_, character: string) => breaks[character] ?? character);
  const words = [...unescaped.matchAll(/"((?:\\.|[^"\\])*)"/gs)].map((match) => match[1] ?? '');
  return words.map((text) => text.replaceAll(/\\(.)/gs, '$1').replaceAll('%%', '%'));
}
