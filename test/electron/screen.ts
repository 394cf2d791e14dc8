import { EventEmitter } from 'node:events';
import type { Display, Screen as ElectronScreen, Point, Rectangle } from 'electron';
import { asElectron, guardClass } from './guard.ts';

type Provided = Pick<
  ElectronScreen,
  'getAllDisplays' | 'getCursorScreenPoint' | 'getDisplayMatching' | 'getDisplayNearestPoint' | 'getPrimaryDisplay'
>;

/** A display as tests describe it: where it is, and how dense. */
export interface DisplayInfo {
  readonly id: number;
  readonly bounds: Rectangle;
  readonly scaleFactor: number;
}

const PANEL_HEIGHT = 27;

class Screen extends EventEmitter implements Provided {
  static {
    guardClass('screen', Screen);
  }

  private displays = [display({ id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 }, scaleFactor: 1 })];

  getAllDisplays(): Display[] {
    return [...this.displays];
  }

  /** The first one; there is always one. */
  getPrimaryDisplay(): Display {
    return this.best(() => 0);
  }

  getDisplayMatching(rect: Rectangle): Display {
    return this.best((candidate) => overlap(candidate.bounds, rect));
  }

  getDisplayNearestPoint(point: Point): Display {
    return this.best((candidate) => -distance(candidate.bounds, point));
  }

  getCursorScreenPoint(): Point {
    return { x: 0, y: 0 };
  }

  /** Displays were plugged in or out, or changed. The first is the primary one. */
  setDisplays(infos: readonly [DisplayInfo, ...DisplayInfo[]]): void {
    const before = this.displays;
    this.displays = infos.map(display);
    const has = (list: readonly Display[], id: number): boolean => list.some((entry) => entry.id === id);
    for (const entry of this.displays) {
      if (has(before, entry.id)) this.emit('display-metrics-changed', {}, entry, ['bounds', 'workArea', 'scaleFactor']);
      else this.emit('display-added', {}, entry);
    }
    for (const entry of before) if (!has(this.displays, entry.id)) this.emit('display-removed', {}, entry);
  }

  private best(score: (candidate: Display) => number): Display {
    return this.displays.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
  }
}

function display({ id, bounds, scaleFactor }: DisplayInfo): Display {
  const workArea = { ...bounds, y: bounds.y + PANEL_HEIGHT, height: bounds.height - PANEL_HEIGHT };
  const size = { width: bounds.width, height: bounds.height };
  const workAreaSize = { width: workArea.width, height: workArea.height };
  return asElectron<Display>({ id, bounds, workArea, size, workAreaSize, scaleFactor, label: `Display ${id}` });
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

function distance(rect: Rectangle, point: Point): number {
  const dx = Math.max(rect.x - point.x, 0, point.x - (rect.x + rect.width));
  const dy = Math.max(rect.y - point.y, 0, point.y - (rect.y + rect.height));
  return Math.hypot(dx, dy);
}

export const screen = new Screen();
