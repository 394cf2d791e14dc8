import { expect, test } from 'vitest';
import { HistoryRequests } from '../../../src/history/history-requests.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

test('history that is asked for after the end is refused, and asks and waits for nothing', async () => {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  let asked = 0;
  const requests = new HistoryRequests({
    clock,
    rest: {
      candles: async () => {
        asked++;
        return [];
      },
    },
    session: () => ({ apiKey: 'key', accessToken: 'token' }),
    reportRejected: () => undefined,
  });
  const request = { token: 1, interval: 'minute', fromMs: 0, toMs: 1, openInterest: false } as const;
  const first = [requests.ask(request, true), requests.ask(request, true)];
  requests[Symbol.dispose]();
  const late = [requests.ask(request, true), requests.ask(request, false)];
  requests.paceChanged();
  await clock.advance(60_000);
  expect([asked, clock.pending]).toEqual([1, 0]);
  const cancelled = expect.objectContaining({ ok: false, code: 'cancelled' });
  expect(await Promise.all([...first.slice(1), ...late])).toEqual([cancelled, cancelled, cancelled]);
});
