import { expect, test } from 'vitest';
import {
  comesBackHere,
  isCallback,
  mayShowDuringLogin,
  misdirectedAnswer,
} from '../../../electron/login/login-hosts.ts';

const LOGIN = 'https://kite.zerodha.com/connect/login?v=3&api_key=abcd';
const REDIRECT = 'http://127.0.0.1:7414/kite/callback';

test.each([
  ['https://kite.zerodha.com/connect/finish?api_key=abcd', true],
  ['https://kite.zerodha.com/', true],
  ['http://kite.zerodha.com/connect/login', false],
  ['https://kite.zerodha.com:8443/', false],
  ['https://kite.zerodha.com.evil.example/', false],
  ['https://evil.example/?kite.zerodha.com', false],
  ['https://kite.zerodha.com@evil.example/', false],
  ['https://zerodha.com/', false],
  ['https://xkite.zerodha.com/', false],
  ['app://main/index.html', false],
  ['file:///etc/passwd', false],
  ['data:text/html,hello', false],
  ['javascript:alert(1)', false],
  ['about:blank', false],
  ['no address', false],
])('a Kite login may show %s: %s', (url, may) => {
  expect(mayShowDuringLogin(url, LOGIN)).toBe(may);
});

test("a login elsewhere may show that place only, Zerodha's host not included", () => {
  const elsewhere = 'http://127.0.0.1:9000/connect/login?api_key=abcd';
  expect(mayShowDuringLogin('http://127.0.0.1:9000/connect/finish', elsewhere)).toBe(true);
  expect(mayShowDuringLogin('http://127.0.0.1:9001/connect/finish', elsewhere)).toBe(false);
  expect(mayShowDuringLogin(LOGIN, elsewhere)).toBe(false);
});

test.each([
  [`${REDIRECT}?request_token=abc&status=success`, true],
  [REDIRECT, true],
  ['http://localhost:7414/kite/callback?request_token=abc', false],
  ['http://127.0.0.1:7415/kite/callback?request_token=abc', false],
  ['https://127.0.0.1:7414/kite/callback?request_token=abc', false],
  ['http://127.0.0.1:7414/kite/callback/more', false],
  ['http://127.0.0.1:7414/KITE/callback', false],
  ['http://127.0.0.1:7414/x/../kite/callback', true],
  ['http://127.0.0.1:7414.evil.example/kite/callback', false],
])('%s is the callback: %s', (url, is) => {
  expect(isCallback(url, REDIRECT)).toBe(is);
});

test.each([
  ['http://127.0.0.1:5000/cb?status=success&request_token=abc', 'http://127.0.0.1:5000/cb'],
  ['https://trader.example/kite?request_token=abc#end', 'https://trader.example/kite'],
  ['http://127.0.0.1:5000/?status=cancelled', 'http://127.0.0.1:5000/'],
  ['https://support.zerodha.com/', null],
  ['https://support.zerodha.com/?status=open', null],
  ['data:text/html,?request_token=abc', null],
  ['no address', null],
])('%s, which is not ours, is an answer of a login sent to %s', (url, address) => {
  expect(misdirectedAnswer(url)).toBe(address);
});

test.each([
  [`${REDIRECT}?request_token=abc&status=success`, true],
  [REDIRECT, true],
  ['http://localhost:7414/kite/callback?request_token=abc', true],
  ['http://127.0.0.1:7414/kite/callback/?status=cancelled', true],
  ['http://127.0.0.1:7414/?request_token=abc', true],
  ['http://127.0.0.1:7414/', false],
  ['http://127.0.0.1:7414/KITE/callback?request_token=abc', false],
  ['http://127.0.0.1:7415/kite/callback?request_token=abc', false],
  ['http://localhost.evil.example:7414/kite/callback?request_token=abc', false],
])('a login that is sent to %s comes back here: %s', (url, is) => {
  expect(comesBackHere(url, REDIRECT)).toBe(is);
});
