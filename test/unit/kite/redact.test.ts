import { describe, expect, it } from 'vitest';
import { Redactor, redact, redactSecrets } from '../../../src/kite/redact.ts';

describe('redact', () => {
  it.each([
    'wss://ws.kite.trade/?api_key=key&access_token=S3cret%2B1&uid=5',
    'http://127.0.0.1:7414/kite/callback?request_token=S3cret&status=success',
    'redirect_params=request_token%3DS3cret',
    '{"access_token":"S3cret","user_id":"AB1234"}',
    "{ access_token: 'S3cret', user_id: 'AB1234' }",
    '{"enctoken":"S3cret","public_token": "S3cret"}',
    'api_key=key&request_token=S3cret&checksum=S3cretabcdef',
    'apiSecret: S3cret',
    'Authorization: token key:S3cret',
    '{"Authorization":"token key:S3cret"}',
    "headers: { authorization: 'Bearer S3cret' }",
    'GET / sent with token key:S3cret',
  ])('takes the secret out of %s', (text) => {
    const clean = redact(text);
    expect(clean).not.toContain('S3cret');
    expect(clean).toContain('***');
  });

  it.each([
    'Incorrect `api_key` or `access_token`.',
    'Invalid `checksum`.',
    'NIFTY26NOVFUT token 12683010 expires 2026-11-23',
    'The token is valid until 06:00.',
    '{"user_id":"AB1234","status":"success"}',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('leaves the rest of the line', () => {
    expect(redact('a=1&access_token=S3cret&b=2')).toBe('a=1&access_token=***&b=2');
    expect(redact('{"access_token":"S3cret","user_id":"AB1234"}')).toBe('{"access_token":"***","user_id":"AB1234"}');
  });
});

describe('Redactor', () => {
  it('takes live secrets out wherever they stand, encoded too, until each registration is disposed', () => {
    const redactor = new Redactor();
    const first = redactor.register('abc+def');
    const second = redactor.register('abc+def');
    redactor.register('abc+defghi');
    const text = 'x abc+def y abc%2Bdef z abc+defghi';
    expect(redactor.redact(text)).toBe('x *** y *** z ***');
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(redactor.redact('abc+def')).toBe('***');
    second[Symbol.dispose]();
    expect(redactor.redact(text)).toBe('x abc+def y abc%2Bdef z ***');
  });

  it('does not blank out words for the sake of a secret of a few letters', () => {
    expect(redactSecrets('the answer', ['', 'the'])).toBe('the answer');
  });
});
