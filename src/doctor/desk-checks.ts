import type { Clock } from '../clock.ts';
import type { AuthState, ClockOffset, FeedState, MarketState, StorageTrouble } from '../contract/state.ts';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { TickerConnector } from '../kite/ticker-events.ts';
import type { Check } from './check.ts';
import { answerCheck } from './checks/answer.ts';
import { clockCheck } from './checks/clock.ts';
import { dnsCheck } from './checks/dns.ts';
import { type InstrumentPorts, instrumentsCheck } from './checks/instruments.ts';
import { calendarCheck, diskCheck, eventLoopCheck, type KeychainPorts, keychainCheck } from './checks/local.ts';
import { proxyCheck } from './checks/proxy.ts';
import { planCheck, socketCheck, socketTrial } from './checks/socket.ts';
import { tcpCheck } from './checks/tcp.ts';
import { tlsCheck } from './checks/tls.ts';
import { type TokenPorts, tokenCheck } from './checks/token.ts';
import { dialTicker } from './dial-ticker.ts';
import type { DoctorProbes } from './probes.ts';
import { targetsOf } from './targets.ts';

/** What the checks look at. */
export interface DeskPatient {
  /** The desk's time. */
  readonly clock: Clock;
  /** Real time. */
  readonly realClock: Clock;
  readonly endpoints: KiteEndpoints;
  readonly isSimulated: boolean;
  readonly probes: DoctorProbes;
  readonly connector: TickerConnector;
  readonly login: { session(): SessionCredentials | null; state(): AuthState; verify: TokenPorts['verify'] };
  readonly feed: () => FeedState;
  readonly storageTrouble: () => StorageTrouble | null;
  /** This PC's clock by the `Date` of Kite's answers. */
  readonly dateOffset: () => ClockOffset | null;
  readonly market: () => MarketState;
  readonly instruments: InstrumentPorts;
  readonly keychain: Omit<KeychainPorts, 'isSimulated'>;
}

/** The checks of one examination, in the order they are made. */
export function deskChecks(desk: DeskPatient): readonly Check[] {
  const { probes, clock, realClock, endpoints, isSimulated, feed } = desk;
  const targets = targetsOf(endpoints);
  const answered = once(async (signal: AbortSignal) => {
    const answer = await probes.ask(`${endpoints.apiRoot}/user/profile`, signal);
    return { answer, atMs: clock.now() };
  });
  const trial = once(
    socketTrial({
      feed,
      dial: async (signal) => {
        const session = desk.login.session();
        return session === null ? null : await dialTicker(desk.connector, session, realClock, signal);
      },
    }),
  );
  return [
    dnsCheck(probes, targets),
    tcpCheck(probes, targets),
    tlsCheck(probes, targets, () => realClock.now()),
    proxyCheck(probes),
    answerCheck(async (signal) => (await answered(signal)).answer),
    clockCheck({
      dateOffset: desk.dateOffset,
      // On a faster clock a moment's delay is minutes of market time.
      tickSkewMs: () => (clock.speed === 1 ? feed().lag.skewMs : null),
      answeredAt: answered,
    }),
    tokenCheck(desk.login),
    socketCheck(trial, feed),
    planCheck(trial, feed),
    instrumentsCheck(desk.instruments),
    diskCheck(probes, desk.storageTrouble),
    keychainCheck({ ...desk.keychain, isSimulated }),
    eventLoopCheck(probes, () => feed().lag.heldUpMs),
    calendarCheck(desk.market),
  ];
}

/** Asks once; every later caller gets the same answer, or the same failure. */
function once<Argument, Value>(ask: (argument: Argument) => Promise<Value>): (argument: Argument) => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return (argument) => {
    answer ??= ask(argument);
    return answer;
  };
}
