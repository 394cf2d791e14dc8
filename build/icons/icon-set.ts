import type { Drawing } from './render.ts';

/** The colours of the tray's states; each state also has a shape of its own. */
const trayColors = { live: '#1f9d55', rest: '#d98a00', action: '#d92d2d', idle: '#8a949b' } as const;

export type TrayState = keyof typeof trayColors;
export const trayStates = Object.keys(trayColors) as readonly TrayState[];

export const appDrawing: Drawing = { group: 'app', color: '#000000' };

/** A PNG file and what is drawn in it. */
export interface IconFile {
  readonly name: string;
  readonly drawing: Drawing;
  /** Pixels on a side. */
  readonly size: number;
}

/** Sizes an .ico is made of. */
export const icoSizes: readonly number[] = [16, 24, 32, 48, 64, 128, 256];

/** Every PNG of the set. macOS colours the template images itself: they are black and clear. */
export const pngFiles: readonly IconFile[] = [
  { name: 'icon.png', drawing: appDrawing, size: 512 },
  ...trayStates.flatMap((state) => {
    const group = `tray-${state}`;
    const both = (name: string, color: string): IconFile[] => [
      { name: `${name}.png`, drawing: { group, color }, size: 16 },
      { name: `${name}@2x.png`, drawing: { group, color }, size: 32 },
    ];
    return [...both(group, trayColors[state]), ...both(`${group}Template`, '#000000')];
  }),
];
