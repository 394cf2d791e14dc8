import type { App, WebContents } from 'electron/main';
import type { Log } from '../src/log.ts';
import { isInterfaceUrl } from './interface-url.ts';

/** `stay`: the page may not go there, which is worth a log line. `taken`: nor may it, but its owner wanted the address. */
export type NavigationVerdict = 'go' | 'stay' | 'taken';

export type NavigationRule = (url: string, isMainFrame: boolean) => NavigationVerdict;

/** What the three navigation events have in common. */
interface Navigation {
  preventDefault(): void;
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** Where pages may go. A page without a rule of its own may show the interface only. */
export class NavigationGuard {
  private readonly log: Log;
  private readonly rules = new Map<number, NavigationRule>();
  private readonly told = new Set<string>();

  constructor(log: Log) {
    this.log = log;
  }

  /** Fences in every page that is opened from now on, whoever opens it. */
  setup(app: App): void {
    app.on('web-contents-created', (_event, contents) => this.fence(contents));
  }

  /** Gives a page a rule of its own; to be called before it loads anything. */
  setRule(contents: WebContents, rule: NavigationRule): void {
    const { id } = contents;
    this.rules.set(id, rule);
    contents.once('destroyed', () => this.rules.delete(id));
  }

  private fence(contents: WebContents): void {
    const judge = (navigation: Navigation): void => {
      const rule = this.rules.get(contents.id) ?? interfaceOnly;
      const verdict = rule(navigation.url, navigation.isMainFrame);
      if (verdict !== 'go') navigation.preventDefault();
      if (verdict === 'stay') this.tell(navigation.url);
    };
    contents.on('will-navigate', judge);
    contents.on('will-frame-navigate', judge);
    contents.on('will-redirect', judge);
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
  }

  private tell(url: string): void {
    const host = hostOf(url);
    if (this.told.has(host)) return;
    this.told.add(host);
    this.log('warning', 'app', `A page was kept from going to ${host}.`);
  }
}

const interfaceOnly: NavigationRule = (url) => (isInterfaceUrl(url) ? 'go' : 'stay');

/** The part of an address that may be shown: paths and queries of logins hold tokens. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || 'another kind of address' : 'an unreadable address';
}
