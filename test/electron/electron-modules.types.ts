/**
 * Checked by the compiler only: the stand-in against Electron's own declarations. Each class also says by `implements`
 * which part of Electron's it is; here the modules as wholes are checked, and the names they are imported by.
 */
import type * as common from 'electron/common';
import type * as main from 'electron/main';
import type { providedModules } from './electron-modules.ts';
import type { ModuleName } from './module-names.ts';

type Provided = typeof providedModules;
type MainModules = typeof main & typeof common;

/** `true` when `Part` has members of `Whole` only, each usable where Electron's own is. Otherwise the names that are not. */
type PartOf<Part, Whole> = [Differing<Part, Whole>] extends [never] ? true : Differing<Part, Whole>;
type Differing<Part, Whole> = {
  [Name in keyof Part]: Name extends keyof Whole ? (Part[Name] extends Whole[Name] ? never : Name) : Name;
}[keyof Part];

/** Objects of plain functions are compared member by member. */
const powerSaveBlocker: PartOf<Provided['powerSaveBlocker'], MainModules['powerSaveBlocker']> = true;
const nativeImage: PartOf<Provided['nativeImage'], MainModules['nativeImage']> = true;
const shell: PartOf<Provided['shell'], MainModules['shell']> = true;
const webContents: PartOf<Provided['webContents'], MainModules['webContents']> = true;
const protocol: PartOf<Provided['protocol'], MainModules['protocol']> = true;

/** Every name Electron exports to a main process can be imported, and no other. */
type Exported = Extract<keyof MainModules, string>;
type Unlisted = Exclude<Exported, ModuleName> | Exclude<ModuleName, Exported>;
const names: [Unlisted] extends [never] ? true : Unlisted = true;
true;

/** Static members of classes, by the names the app calls them. */
const fromWebContents: (typeof main.BrowserWindow)['fromWebContents'] = statics('BrowserWindow').fromWebContents;
const allWindows: (typeof main.BrowserWindow)['getAllWindows'] = statics('BrowserWindow').getAllWindows;
const buildFromTemplate: (typeof main.Menu)['buildFromTemplate'] = statics('Menu').buildFromTemplate;
const setApplicationMenu: (typeof main.Menu)['setApplicationMenu'] = statics('Menu').setApplicationMenu;
const isSupported: (typeof main.Notification)['isSupported'] = statics('Notification').isSupported;

/** What a constructor takes. */
type Takes<Name extends 'BrowserWindow' | 'MenuItem' | 'Notification' | 'Tray'> =
  ConstructorParameters<MainModules[Name]> extends ConstructorParameters<Provided[Name]> ? true : false;
const constructors: readonly [Takes<'BrowserWindow'>, Takes<'MenuItem'>, Takes<'Notification'>] = [true, true, true];

declare function statics<Name extends keyof Provided>(name: Name): Provided[Name];

export type Checked = typeof powerSaveBlocker &
  typeof nativeImage &
  typeof shell &
  typeof webContents &
  typeof protocol &
  typeof names &
  typeof fromWebContents &
  typeof allWindows &
  typeof buildFromTemplate &
  typeof setApplicationMenu &
  typeof isSupported &
  typeof constructors;
