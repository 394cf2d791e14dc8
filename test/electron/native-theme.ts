import { EventEmitter } from 'node:events';
import type { NativeTheme as ElectronNativeTheme } from 'electron';
import { guardClass } from './guard.ts';

type Provided = Pick<
  ElectronNativeTheme,
  'inForcedColorsMode' | 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'themeSource'
>;
type Scheme = 'light' | 'dark';

class NativeTheme extends EventEmitter implements Provided {
  static {
    guardClass('nativeTheme', NativeTheme);
  }

  readonly inForcedColorsMode = false;
  readonly shouldUseHighContrastColors = false;
  private source: ElectronNativeTheme['themeSource'] = 'system';
  private system: Scheme = 'light';

  get shouldUseDarkColors(): boolean {
    return (this.source === 'system' ? this.system : this.source) === 'dark';
  }

  get themeSource(): ElectronNativeTheme['themeSource'] {
    return this.source;
  }

  set themeSource(source: ElectronNativeTheme['themeSource']) {
    this.source = source;
    this.emit('updated');
  }

  /** The desktop's own setting changed. */
  setSystem(scheme: Scheme): void {
    this.system = scheme;
    this.emit('updated');
  }
}

export const nativeTheme = new NativeTheme();
nativeTheme.setMaxListeners(0);

export function colorScheme(): Scheme {
  return nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
}

/** Calls back with the colour scheme pages are to have, whenever it may have changed. Returns the unsubscription. */
export function onColorScheme(listener: (scheme: Scheme) => void): () => void {
  const tell = (): void => listener(colorScheme());
  nativeTheme.on('updated', tell);
  return () => nativeTheme.off('updated', tell);
}
