import { expect, test } from 'vitest';
import { externalLink } from '../../../electron/external-links.ts';
import { isInterfaceUrl } from '../../../electron/interface-url.ts';
import { mayUse } from '../../../electron/permission-rules.ts';

test.each([
  ['https://developers.kite.trade/apps', 'https://developers.kite.trade/apps'],
  ['https://www.tradingview.com', 'https://www.tradingview.com/'],
  ['http://developers.kite.trade/apps', null],
  ['https://developers.kite.trade:444/', null],
  ['https://user@developers.kite.trade/', null],
  ['https://developers.kite.trade.evil.example/', null],
  ['https://kite.zerodha.com/connect/login', null],
  ['file:///etc/passwd', null],
  ['javascript:alert(1)', null],
  ['ms-settings:power', null],
  ['\\\\host\\share', null],
  ['', null],
])('the browser is given %s as %s', (url, opened) => {
  expect(externalLink(url)).toBe(opened);
});

test.each([
  ['app://main/index.html', true],
  ['app://main', true],
  ['app://main.evil/index.html', false],
  ['app://other/index.html', false],
  ['https://app//main/', false],
])('%s belongs to the interface: %s', (url, belongs) => {
  expect(isInterfaceUrl(url)).toBe(belongs);
});

test('the interface may write to the clipboard; nobody else may use anything', () => {
  expect(mayUse('clipboard-sanitized-write', 'app://main/')).toBe(true);
  expect(mayUse('clipboard-sanitized-write', 'https://kite.zerodha.com/')).toBe(false);
  expect(mayUse('clipboard-sanitized-write', undefined)).toBe(false);
  for (const permission of ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'unknown']) {
    expect(mayUse(permission, 'app://main/')).toBe(false);
  }
});
