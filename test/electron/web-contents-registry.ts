import type { WebContents as ElectronWebContents, WebFrameMain as ElectronWebFrameMain } from 'electron';
import { asElectron } from './guard.ts';
import type { WebContents } from './web-contents.ts';

const all = new Map<number, WebContents>();
const created: ((contents: WebContents) => void)[] = [];

export function addWebContents(contents: WebContents): void {
  all.set(contents.id, contents);
  for (const listener of created) listener(contents);
}

export function removeWebContents(contents: WebContents): void {
  all.delete(contents.id);
}

/** Calls back for every page made from now on: `app` tells it as `web-contents-created`. */
export function onWebContentsCreated(listener: (contents: WebContents) => void): void {
  created.push(listener);
}

export function liveWebContents(): readonly WebContents[] {
  return [...all.values()];
}

/** `webContents` of the main process: finding pages. */
export const webContents = {
  getAllWebContents: (): ElectronWebContents[] =>
    [...all.values()].map((contents) => asElectron<ElectronWebContents>(contents)),
  fromId: (id: number): ElectronWebContents | undefined => {
    const found = all.get(id);
    return found === undefined ? undefined : asElectron<ElectronWebContents>(found);
  },
  fromFrame: (frame: ElectronWebFrameMain): ElectronWebContents | undefined => {
    const found = [...all.values()].find((contents) => contents.owns(frame));
    return found === undefined ? undefined : asElectron<ElectronWebContents>(found);
  },
};
