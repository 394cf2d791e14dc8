import { type TokenFileOptions, watchTokenFile } from '../auth/token-file.ts';

export interface FollowedTokenFile extends Disposable {
  /** Goes over to another file; null follows none. */
  follow(path: string | null): void;
}

/** Follows whichever token file the settings name. */
export function followTokenFile(options: Omit<TokenFileOptions, 'path'>): FollowedTokenFile {
  let path: string | null = null;
  let watch: Disposable | null = null;
  return {
    follow: (wanted: string | null): void => {
      if (wanted === path) return;
      watch?.[Symbol.dispose]();
      path = wanted;
      watch = wanted === null ? null : watchTokenFile({ ...options, path: wanted });
    },
    [Symbol.dispose]: () => watch?.[Symbol.dispose](),
  };
}
