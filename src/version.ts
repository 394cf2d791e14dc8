import manifest from '../package.json' with { type: 'json' };

/** The app's version, as in its package manifest. */
export const appVersion: string = manifest.version;
