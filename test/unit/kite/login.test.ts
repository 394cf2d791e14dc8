import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { zerodhaEndpoints } from '../../../src/kite/endpoints.ts';
import { checksum, loginUrl, newState, nextTokenDeadline, parseCallback } from '../../../src/kite/login.ts';

const redirectUrl = 'http://127.0.0.1:7414/kite/callback';
const state = 'st-ate_1';

describe('loginUrl', () => {
  it('asks Kite to send the state back', () => {
    const url = new URL(loginUrl(zerodhaEndpoints, 'key123', 'a&b=c'));
    expect(url.origin + url.pathname).toBe('https://kite.zerodha.com/connect/login');
    expect(url.searchParams.get('v')).toBe('3');
    expect(url.searchParams.get('api_key')).toBe('key123');
    expect(new URLSearchParams(url.searchParams.get('redirect_params') ?? '').get('state')).toBe('a&b=c');
  });
});

describe('parseCallback', () => {
  const at = (query: string): string => `${redirectUrl}?${query}`;
  it.each([
    ['a success', at(`request_token=abc123&action=login&type=login&status=success&state=${state}`), 'success'],
    ['a success without a status, as first documented', at(`request_token=abc123&state=${state}`), 'success'],
    [
      'a request line instead of a whole URL',
      `/kite/callback?request_token=abc123&status=success&state=${state}`,
      'success',
    ],
    ['a slash at the end', `${redirectUrl}/?request_token=abc123&status=success&state=${state}`, 'success'],
    ['a cancel, which comes without the state', at('status=cancelled'), 'cancelled'],
    ['a cancel with the state', at(`status=cancelled&state=${state}`), 'cancelled'],
    ['a cancel of another login', at('status=cancelled&state=other'), 'wrong-state'],
    ['a cancel that brings a token', at('status=cancelled&request_token=abc123'), 'wrong-state'],
    ['a success without the state', at('request_token=abc123&status=success'), 'wrong-state'],
    ['a success of another login', at('request_token=abc123&status=success&state=st-ate_2'), 'wrong-state'],
    ['an empty state', at('request_token=abc123&status=success&state='), 'wrong-state'],
    ['another status', at(`request_token=abc123&status=error&state=${state}`), 'failed'],
    ['no request token', at(`status=success&state=${state}`), 'failed'],
    ['two request tokens', at(`request_token=a&request_token=b&status=success&state=${state}`), 'failed'],
    ['a request token that is none', at(`request_token=<script>&status=success&state=${state}`), 'failed'],
    ['another path', `http://127.0.0.1:7414/favicon.ico?state=${state}`, 'not-ours'],
    ['another port', `http://127.0.0.1:7415/kite/callback?request_token=a&state=${state}`, 'not-ours'],
    ['another host', `//evil.example/kite/callback?request_token=a&state=${state}`, 'not-ours'],
    ['another scheme', `https://127.0.0.1:7414/kite/callback?request_token=a&state=${state}`, 'not-ours'],
    ['no URL', 'http://', 'not-ours'],
  ])('reads %s', (_, url, outcome) => {
    const callback = parseCallback(url, { redirectUrl, state });
    expect(callback.outcome).toBe(outcome);
    if (callback.outcome === 'success') expect(callback.requestToken).toBe('abc123');
    if (callback.outcome === 'failed') expect(callback.reason).not.toContain('<script>');
  });
});

describe('newState', () => {
  it('is long, URL-safe and another each time', () => {
    const states = Array.from({ length: 50 }, () => newState(randomBytes));
    expect(new Set(states).size).toBe(50);
    for (const each of states) expect(each).toMatch(/^[\w-]{32}$/);
  });
});

describe('checksum', () => {
  it('is the SHA-256 of key, request token and secret in a row', () => {
    // printf 'keyreqsecret' | sha256sum
    expect(checksum('key', 'req', 'secret')).toBe('763338dd74460b90ae4a5da9ea4258b619794676b70ead4db924803e3eba7a3e');
  });
});

describe('nextTokenDeadline', () => {
  it.each([
    ['2026-11-23T05:59:59+05:30', '2026-11-23T06:00:00+05:30'],
    ['2026-11-23T06:00:00+05:30', '2026-11-24T06:00:00+05:30'],
    ['2026-11-23T08:31:00+05:30', '2026-11-24T06:00:00+05:30'],
    ['2026-12-31T23:59:59+05:30', '2027-01-01T06:00:00+05:30'],
    ['2026-11-23T00:10:00+05:30', '2026-11-23T06:00:00+05:30'],
  ])('for a login at %s is %s', (login, deadline) => {
    expect(nextTokenDeadline(Date.parse(login))).toBe(Date.parse(deadline));
  });
});
