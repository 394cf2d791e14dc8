import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../../../build/chromium.ts';
import { icnsSizes } from '../../../build/icons/containers.ts';
import { icoSizes, pngFiles, type TrayState, trayStates } from '../../../build/icons/icon-set.ts';
import { IconRenderer } from '../../../build/icons/render.ts';
import { decodePng } from './png.ts';

const read = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../build/icons', name));

/** Where an image covers what is behind it: its shape, whatever its colour. */
function shape(name: string): readonly boolean[] {
  const { rgba } = decodePng(read(name));
  return Array.from({ length: rgba.length / 4 }, (_, pixel) => (rgba[pixel * 4 + 3] ?? 0) >= 128);
}

describe('the icons', () => {
  it.each(pngFiles)('$name is a picture of $size pixels', ({ name, size }) => {
    expect(decodePng(read(name))).toMatchObject({ width: size, height: size });
  });

  it('have a shape of their own for each state of the tray, at both densities', () => {
    const pairs = trayStates.flatMap((state, index) =>
      trayStates.slice(index + 1).map((other) => [state, other] as const),
    );
    const difference = (state: TrayState, other: TrayState, suffix: string): number => {
      const [one, two] = [shape(`tray-${state}${suffix}.png`), shape(`tray-${other}${suffix}.png`)];
      return one.filter((covered, pixel) => covered !== two[pixel]).length / one.length;
    };
    for (const [state, other] of pairs) {
      expect(difference(state, other, ''), `${state} and ${other}`).toBeGreaterThan(0.1);
      expect(difference(state, other, '@2x'), `${state} and ${other}, dense`).toBeGreaterThan(0.1);
    }
  });

  it('are black and clear where macOS colours them, in the shape of the coloured ones', () => {
    for (const state of trayStates) {
      const { rgba } = decodePng(read(`tray-${state}Template.png`));
      const coloured = rgba.some((value, index) => index % 4 !== 3 && value !== 0);
      expect(coloured).toBe(false);
      expect(shape(`tray-${state}Template.png`)).toEqual(shape(`tray-${state}.png`));
    }
  });

  it('are in the Windows container in every size, as bitmaps but for the largest', () => {
    const ico = read('icon.ico');
    const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const at = 6 + index * 16;
      const image = ico.subarray(ico.readUInt32LE(at + 12), ico.readUInt32LE(at + 12) + ico.readUInt32LE(at + 8));
      const size = ico.readUInt8(at) || 256;
      const bitmap = image.readUInt32LE(0) === 40 && image.readInt32LE(4) === size && image.readInt32LE(8) === size * 2;
      return { size, kind: bitmap ? 'bitmap' : 'png', width: bitmap ? size : decodePng(image).width };
    });
    expect(entries).toEqual(icoSizes.map((size) => ({ size, width: size, kind: size === 256 ? 'png' : 'bitmap' })));
  });

  it('are in the macOS container in every size, each a PNG of that size', () => {
    const icns = read('icon.icns');
    expect([icns.toString('ascii', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const sizes = new Set<number>();
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      sizes.add(decodePng(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4))).width);
    }
    expect([...sizes].sort((a, b) => a - b)).toEqual([...icnsSizes].sort((a, b) => a - b));
  });

  it.skipIf(findChromium() === null)('are what the source gives today (needs Chromium)', async () => {
    await using renderer = await IconRenderer.open();
    for (const { name, drawing, size } of pngFiles) {
      const kept = decodePng(read(name)).rgba;
      const drawn = decodePng((await renderer.draw(drawing, size)).png).rgba;
      const difference =
        kept.reduce((sum, value, index) => sum + Math.abs(value - (drawn[index] ?? 0)), 0) / kept.length;
      // Another Chromium may soften an edge otherwise; another drawing differs by far more.
      expect(difference, name).toBeLessThan(2);
    }
  });
});
