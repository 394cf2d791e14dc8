import { describe, expect, it } from 'vitest';
import { feedCauses } from '../../../src/contract/states.ts';
import { causeAdvice, causeOfEnd, causeOfRefusal, describeEnd, isRefusedLogin } from '../../../src/feed/causes.ts';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';
import { at } from './instruments.ts';

describe('the cause of an ended connection', () => {
  it.each<[SocketEnd, string]>([
    [{ how: 'refused', status: 429, body: '' }, 'too-many-connections'],
    [{ how: 'refused', status: 500, body: '' }, 'server-error'],
    [{ how: 'refused', status: 503, body: 'token is invalid' }, 'server-error'],
    [{ how: 'refused', status: 400, body: '' }, 'unknown'],
    [{ how: 'refused', status: 302, body: '' }, 'network'],
    [{ how: 'refused', status: 407, body: '' }, 'network'],
    [{ how: 'failed', networkCode: 'ENOTFOUND', message: '' }, 'network'],
    [{ how: 'failed', networkCode: null, message: '403 token expired' }, 'network'],
    [{ how: 'handshake-timeout' }, 'network'],
    [{ how: 'closed', code: 1006, reason: '' }, 'network'],
    [{ how: 'closed', code: 1000, reason: 'token expired' }, 'network'],
    [{ how: 'closed', code: 1011, reason: '' }, 'server-error'],
    [{ how: 'closed', code: 1012, reason: '' }, 'server-error'],
  ])('%j is %s', (end, cause) => {
    expect(isRefusedLogin(end)).toBe(false);
    expect(causeOfEnd(end)).toBe(cause);
  });

  it('is a refused login only with HTTP 403', () => {
    expect(isRefusedLogin({ how: 'refused', status: 403, body: '' })).toBe(true);
    expect(isRefusedLogin({ how: 'closed', code: 1008, reason: '403 Forbidden' })).toBe(false);
  });

  it('is described without anything the server wrote', () => {
    expect(describeEnd({ how: 'refused', status: 403, body: 'secret' })).not.toContain('secret');
    expect(describeEnd({ how: 'closed', code: 1006, reason: 'secret' })).not.toContain('secret');
    expect(describeEnd({ how: 'failed', networkCode: 'ECONNRESET', message: 'secret' })).not.toContain('secret');
  });
});

describe('the cause of a refused login', () => {
  const noon = at('12:00:00');
  it.each([
    ['a dead token that never worked', 'token-rejected', null, noon, 'token-expired'],
    ['a dead token that worked yesterday', 'token-rejected', at('15:00:00', '2026-11-22'), noon, 'token-expired'],
    ['a dead token that worked before the flush', 'token-rejected', at('07:00:00'), noon, 'token-expired'],
    ['a dead token that worked this morning', 'token-rejected', at('08:55:00'), noon, 'logged-in-elsewhere'],
    [
      'a dead token before the flush',
      'token-rejected',
      at('15:00:00', '2026-11-22'),
      at('07:10:00'),
      'logged-in-elsewhere',
    ],
    ['a good token that never had data', 'token-fine', null, noon, 'socket-refused'],
    ['a good token that had data this morning', 'token-fine', at('08:55:00'), noon, 'socket-refused'],
    ['a token nobody can vouch for', 'unknown', null, noon, 'network'],
    ['a token that a web page came in answer to', 'web-page', null, noon, 'network'],
  ] as const)('%s', (_, verdict, acceptedAt, now, cause) => {
    expect(causeOfRefusal(verdict, acceptedAt, now)).toBe(cause);
  });
});

it('the plan is blamed only where Kite has said that it lacks market data', () => {
  expect(causeOfRefusal('token-fine', null, at('12:00:00'), true)).toBe('plan-without-data');
  expect(causeOfRefusal('token-rejected', null, at('12:00:00'), true)).toBe('token-expired');
});

describe('every cause', () => {
  it.each(feedCauses)('%s has one sentence for a person', (cause) => {
    const { sentence } = causeAdvice[cause];
    expect(sentence).toMatch(/^[A-Z].{20,140}\.$/);
    expect(sentence).not.toMatch(/\d{3}|socket|token|HTTP/i);
  });
});
