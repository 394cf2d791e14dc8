import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Bounds,
  emptyMemory,
  placeWindow,
  rememberPlacement,
  windowMemorySchema,
} from '../../../electron/window/window-placement.ts';

const laptop = { id: 1, workArea: { x: 0, y: 25, width: 1440, height: 875 } };
const monitor = { id: 7, workArea: { x: 1440, y: 0, width: 2560, height: 1440 } };

test('the first window is centred on the primary display', () => {
  const { bounds, maximized } = placeWindow(emptyMemory, [laptop, monitor]);
  expect({ bounds, maximized }).toEqual({ bounds: { x: 40, y: 32, width: 1360, height: 860 }, maximized: false });
});

test('the window comes back to the display it was last on, as it was there', () => {
  const placement = { bounds: { x: 1600, y: 100, width: 1500, height: 900 }, maximized: true };
  const memory = rememberPlacement(emptyMemory, monitor.id, placement);
  expect(placeWindow(memory, [laptop, monitor])).toEqual(placement);
});

test('without that display it opens where it was on the primary one, and goes back when the display does', () => {
  const onLaptop = { bounds: { x: 10, y: 30, width: 1150, height: 700 }, maximized: false };
  const onMonitor = { bounds: { x: 1600, y: 100, width: 1500, height: 900 }, maximized: false };
  const memory = rememberPlacement(rememberPlacement(emptyMemory, laptop.id, onLaptop), monitor.id, onMonitor);
  expect(placeWindow(memory, [laptop])).toEqual(onLaptop);
  expect(placeWindow(memory, [laptop, monitor])).toEqual(onMonitor);
});

const anyBounds: fc.Arbitrary<Bounds> = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  width: fc.integer({ min: 1, max: 6000 }),
  height: fc.integer({ min: 1, max: 6000 }),
});

test('wherever it was and however the display has changed, the window lies wholly within the work area', () => {
  fc.assert(
    fc.property(anyBounds, anyBounds, fc.boolean(), (was, workArea, maximized) => {
      const memory = rememberPlacement(emptyMemory, 1, { bounds: was, maximized });
      const { bounds } = placeWindow(memory, [{ id: 1, workArea }]);
      expect(bounds.x).toBeGreaterThanOrEqual(workArea.x);
      expect(bounds.y).toBeGreaterThanOrEqual(workArea.y);
      expect(bounds.x + bounds.width).toBeLessThanOrEqual(workArea.x + workArea.width);
      expect(bounds.y + bounds.height).toBeLessThanOrEqual(workArea.y + workArea.height);
    }),
  );
});

test('bounds that fit are not changed', () => {
  const bounds = { x: 100, y: 100, width: 1150, height: 650 };
  const memory = rememberPlacement(emptyMemory, 1, { bounds, maximized: false });
  expect(placeWindow(memory, [laptop]).bounds).toEqual(bounds);
});

test('a file of another shape is no memory', () => {
  expect(windowMemorySchema.safeParse({ lastDisplay: 1, placements: [] }).success).toBe(false);
  expect(windowMemorySchema.safeParse({}).success).toBe(false);
});
