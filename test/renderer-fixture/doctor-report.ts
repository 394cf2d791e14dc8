import type { DoctorCheck, DoctorReport } from '../../src/contract/doctor.ts';
import { ist } from './day-plan.ts';

const lines: readonly (readonly [DoctorCheck['id'], string, DoctorCheck['result'], string, string])[] = [
  ['dns', 'Name lookup', 'ok', 'Kite’s names are found.', 'api.kite.trade, ws.kite.trade in 12 ms'],
  ['tcp', 'Connection', 'ok', 'Kite’s servers take connections.', '31 ms'],
  ['tls', 'Encryption', 'ok', 'The certificate is Kite’s and valid.', 'valid for 61 days'],
  ['answer', 'Kite’s answer', 'ok', 'Kite’s service answers.', '403 without a login, in 74 ms'],
  ['clock', 'This PC’s clock', 'warning', 'It is 2.3 s ahead: switch on the system’s time setting.', '+2.3 s'],
  [
    'socket',
    'Ticker',
    'failed',
    'The ticker does not open: something on the way blocks WebSockets.',
    'closed with 1006',
  ],
  ['plan', 'Subscription', 'skipped', 'Not examined: the ticker has to open first.', ''],
];

/** An examination that has found something. */
export const madeUpReport: DoctorReport = {
  reason: 'asked',
  startedAt: ist('2026-11-23', '10:59:31'),
  finishedAt: ist('2026-11-23', '10:59:34'),
  verdict: {
    result: 'failed',
    check: 'socket',
    sentence: 'Something between this PC and Kite blocks WebSockets; prices come by REST meanwhile.',
    fix: { label: 'Reconnect now', action: 'retry-feed' },
  },
  checks: lines.map(([id, title, result, sentence, evidence]) => ({
    id,
    title,
    result,
    sentence,
    evidence,
    fix: null,
    durationMs: 40,
  })),
};
