import { expect, test } from 'vitest';
import { type LoginEnd, loginMessage } from '../../../electron/login/login-end.ts';

const refused = (code: string, message: string): LoginEnd => ({ end: 'refused', error: { code, message } });

const failures: readonly LoginEnd[] = [
  { end: 'closed' },
  { end: 'page-crashed' },
  { end: 'unreachable', host: 'kite.zerodha.com', reason: 'ERR_NAME_NOT_RESOLVED' },
  { end: 'sent-elsewhere', address: 'http://127.0.0.1:5000/cb', expected: 'http://127.0.0.1:7414/kite/callback' },
  refused('login-cancelled', 'The login was cancelled on the Kite page.'),
  refused('token-rejected', 'The login was used already or took too long.'),
  refused('credentials-invalid', 'The API secret is wrong.'),
  refused('port-busy', 'Port 7414 is used by another program.'),
  refused('wrong-state', 'That was not the answer to the login that was started here.'),
];

test('every way a login can fail has its own sentence', () => {
  const sentences = failures.map((end) => loginMessage(end)?.message);
  expect(sentences.every((sentence) => sentence?.endsWith('.'))).toBe(true);
  expect(new Set(sentences).size).toBe(failures.length);
});

test.each(['signed-in', 'withdrawn'] as const)('%s needs no words', (end) => {
  expect(loginMessage({ end })).toBeNull();
});

test("what the trader did is no warning; what went wrong is, and the host's name is in it", () => {
  expect(loginMessage({ end: 'closed' })?.severity).toBe('info');
  expect(loginMessage(refused('login-cancelled', 'The login was cancelled.'))?.severity).toBe('info');
  const unreachable = loginMessage({ end: 'unreachable', host: 'kite.zerodha.com', reason: 'ERR_TIMED_OUT' });
  expect(unreachable).toMatchObject({ severity: 'warning', message: expect.stringContaining('kite.zerodha.com') });
});
