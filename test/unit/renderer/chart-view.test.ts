import { expect, test } from 'vitest';
import { type View, viewAfterGrowth, viewOf } from '../../../renderer/features/chart/chart-view.ts';

/** Minute by minute from one length of the axis to another. */
function grown(view: View, range: 'near' | 'day', from: number, to: number): View {
  let now = view;
  for (let minutes = from; minutes < to; minutes++) now = viewAfterGrowth(now, range, minutes, minutes + 1);
  return now;
}

test('a chart opened before the market shows its two hours once there are two hours', () => {
  expect(viewOf('near', 15)).toEqual({ from: -3.5, to: 48.5 });
  expect(grown(viewOf('near', 15), 'near', 15, 100)).toEqual({ from: -3.5, to: 103.5 });
  expect(grown(viewOf('near', 15), 'near', 15, 300)).toEqual({ from: 179.5, to: 303.5 });
});

test('the whole day stays whole while it grows', () => {
  expect(grown(viewOf('day', 15), 'day', 15, 400)).toEqual(viewOf('day', 400));
});

test('a view that was narrowed goes along with the end as wide as it is', () => {
  expect(grown({ from: 100, to: 131 }, 'near', 130, 160)).toEqual({ from: 130, to: 161 });
});

test('a view of the past stays where it is', () => {
  expect(grown({ from: 10, to: 40 }, 'near', 130, 160)).toEqual({ from: 10, to: 40 });
});

test('a view with room for more waits until that is used up', () => {
  expect(viewAfterGrowth({ from: 20, to: 160 }, 'near', 130, 131)).toEqual({ from: 20, to: 160 });
  expect(grown({ from: 20, to: 160 }, 'near', 130, 200)).toEqual({ from: 64, to: 204 });
});

test('minutes that come together, after a sleep, change nothing in that', () => {
  expect(viewAfterGrowth(viewOf('near', 30), 'near', 30, 240)).toEqual(viewOf('near', 240));
});
