import { EventEmitter } from 'node:events';
import type { App, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { NavigationGuard } from '../../../electron/navigation-guard.ts';

/** As much of a page as the guard takes hold of. */
class Page extends EventEmitter {
  readonly id: number;
  openHandler: ((details: { url: string }) => { action: string }) | null = null;

  constructor(id: number) {
    super();
    this.id = id;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  /** Whether the page may go there, by each of the events that can take it. */
  goes(url: string, isMainFrame = true): boolean[] {
    return ['will-navigate', 'will-frame-navigate', 'will-redirect'].map((name) => {
      let isPrevented = false;
      const preventDefault = (): void => {
        isPrevented = true;
      };
      this.emit(name, { url, isMainFrame, preventDefault });
      return !isPrevented;
    });
  }

  get contents(): WebContents {
    return this as unknown as WebContents;
  }
}

function guardedPage() {
  const lines: string[] = [];
  const app = new EventEmitter();
  const guard = new NavigationGuard((_level, _area, text) => lines.push(text));
  guard.setup(app as unknown as App);
  const page = new Page(1);
  app.emit('web-contents-created', {}, page);
  return { guard, page, lines };
}

const [stays, goes] = [
  [false, false, false],
  [true, true, true],
];

test('a page without a rule shows the interface and nothing else, by whichever way it is led', () => {
  const { page } = guardedPage();
  expect(page.goes('app://main/index.html')).toEqual(goes);
  for (const url of ['https://kite.trade/', 'app://other/', 'file:///etc/passwd', 'data:text/html,x', 'about:blank']) {
    expect(page.goes(url)).toEqual(stays);
    expect(page.goes(url, false)).toEqual(stays);
  }
});

test('a refused place is named once by its host, without path and query', () => {
  const { page, lines } = guardedPage();
  page.goes('https://evil.example/callback?request_token=abcdef');
  page.goes('https://evil.example/other');
  expect(lines).toEqual(['A page was kept from going to evil.example.']);
});

test("a page's own rule holds until the page is gone; what its owner has taken is not complained of", () => {
  const { guard, page, lines } = guardedPage();
  guard.setRule(page.contents, (url) => (url.startsWith('http://127.0.0.1') ? 'taken' : 'go'));
  expect(page.goes('https://kite.zerodha.com/')).toEqual(goes);
  expect(page.goes('http://127.0.0.1:7414/kite/callback')).toEqual(stays);
  expect(lines).toEqual([]);
  page.emit('destroyed');
  expect(page.goes('https://kite.zerodha.com/')).toEqual(stays);
});

test('no page opens a window or attaches a webview', () => {
  const { page } = guardedPage();
  expect(page.openHandler?.({ url: 'app://main/index.html' })).toEqual({ action: 'deny' });
  let isPrevented = false;
  page.emit('will-attach-webview', { preventDefault: () => (isPrevented = true) });
  expect(isPrevented).toBe(true);
});
