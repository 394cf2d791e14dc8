/** What the script in a page says to the stand-in, as JSON through the page's binding. `args` is text of the wire. */
export type FromPage =
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: string }
  | { readonly kind: 'window-open'; readonly url: string; readonly frameName: string; readonly features: string }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'preload-error'; readonly message: string; readonly stack: string };

/** What the stand-in says to the script in a page, as JSON to its delivery function. */
export type ToPage =
  | { readonly kind: 'result'; readonly id: number; readonly ok: true; readonly value: string }
  | { readonly kind: 'result'; readonly id: number; readonly ok: false; readonly message: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: string }
  | { readonly kind: 'visibility'; readonly hidden: boolean };

/** The part of `process` that a sandboxed preload sees. */
export interface PreloadProcess {
  readonly platform: string;
  readonly type: 'renderer';
  readonly sandboxed: true;
  readonly contextIsolated: true;
  readonly argv: readonly string[];
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/** How script and stand-in find each other: both names are new in each process. */
export interface PageNames {
  /** The binding, a function of the page that takes text. */
  readonly binding: string;
  /** The function that takes what is delivered to the page. */
  readonly deliver: string;
}
