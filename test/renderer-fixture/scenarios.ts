import { ist, stepsAt, TODAY } from './day-plan.ts';
import { madeUpReport } from './doctor-report.ts';
import { type Difference, type Scenario, scenarioOf } from './scenario.ts';
import { alert, feedOff, manyShares, noToken, panelOpen, simulated } from './state-parts.ts';

const differences: Readonly<Record<string, Difference>> = {
  live: { time: '11:00:12' },
  widest: {
    time: '11:00:12',
    change: (state) => ({
      ...state,
      app: { ...state.app, simulated: true, speed: 20 },
      transport: { paused: true, speed: 20, leadsTo: 'start' },
    }),
    scenario: { widest: true, press: ['5'] },
  },
  'widest-stale': {
    time: '11:00:12',
    change: (state) => ({ ...state, feed: { ...state.feed, state: 'stale', lastTickAt: ist(TODAY, '09:48:40') } }),
    scenario: { widest: true, isStale: () => true, ticking: false, press: ['6'] },
  },
  /** The top bar with its longest words, and a banner of more than one line. */
  'widest-bar': {
    date: '2026-11-24',
    time: '10:15:00',
    change: (state) => ({
      ...state,
      app: { ...state.app, simulated: true, speed: 20 },
      transport: { paused: true, speed: 20, leadsTo: 'start' },
      market: {
        ...state.market,
        day: 'special',
        reason: 'Muhurat trading',
        phase: 'pre-open-matching',
        next: { phase: 'closing-auction', at: ist('2026-11-25', '15:15') },
      },
      auth: {
        ...state.auth,
        state: 'suspect',
        pendingLogin: { startedAt: ist('2026-11-24', '10:14'), stage: 'waiting' },
      },
      feed: { ...state.feed, source: 'rest', state: 'backoff', lastTickAt: ist('2026-11-23', '11:00') },
      alerts: [
        {
          ...alert('rest', 'warning', 'The ticker cannot be reached: prices come once a second by REST.', 'retry-feed'),
          body: 'Something between this PC and Kite closes the WebSocket as soon as it opens, for 14 minutes now; a VPN, a proxy or a firewall is the likely cause. The app goes on trying by itself.',
        },
        alert('other', 'info', 'Another.', null),
      ],
    }),
    scenario: { ticking: false, fromRest: true },
  },
  'first-run': {
    time: '08:20:00',
    change: (state) => ({
      ...state,
      auth: { ...noToken(state), state: 'unconfigured', apiKeyHint: null },
      feed: feedOff(state, 'Kite is not set up'),
      market: { ...state.market, phase: 'closed', next: { phase: 'pre-open', at: ist(TODAY, '09:00') } },
      activity: [],
    }),
    scenario: { ticking: false, candles: null, kindOf: () => null },
  },
  'first-run-sunday': {
    date: '2026-11-29',
    time: '11:20:00',
    change: (state) => ({
      ...state,
      app: { ...state.app, canSimulate: true },
      auth: { ...noToken(state), state: 'unconfigured', apiKeyHint: null },
      feed: feedOff(state, 'Kite is not set up'),
      market: {
        ...state.market,
        day: 'weekend',
        reason: 'Sunday',
        phase: 'closed',
        previousSession: '2026-11-27',
        next: { phase: 'pre-open', at: ist('2026-11-30', '09:00') },
      },
      activity: [],
    }),
    scenario: { ticking: false, candles: null, kindOf: () => null },
  },
  'token-dead': {
    time: '08:50:07',
    change: (state) => ({
      ...state,
      auth: {
        ...noToken(state),
        state: 'expired',
        userId: 'AB1234',
        apiKeyHint: 'k7x2…9f',
        reason: 'Kite refused the token.',
      },
      feed: { ...feedOff(state, 'waits for a login'), desired: 'on' },
      market: { ...state.market, phase: 'closed', next: { phase: 'pre-open', at: ist(TODAY, '09:00') } },
      schedule: { date: TODAY, steps: stepsAt(TODAY, ist(TODAY, '08:50:07'), true) },
      activity: state.activity.slice(0, -1),
      alerts: [
        alert(
          'token-dead',
          'action',
          'Today’s login is missing: the market opens for orders in 10 minutes.',
          'sign-in',
        ),
      ],
    }),
    scenario: { ticking: false, kindOf: () => 'previous-close', candles: { date: '2026-11-20', until: '15:14' } },
  },
  /** 08:56: Kite still sends the last session's figures. */
  'earlier-figures': {
    time: '08:56:04',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'closed', next: { phase: 'pre-open', at: ist(TODAY, '09:00') } },
    }),
    scenario: {
      kindOf: () => 'previous-close',
      carriesLastSession: true,
      candles: { date: '2026-11-20', until: '15:14' },
    },
  },
  /** The market is open, and the login has been dead all morning. */
  'missed-open': { ...deadLogin('09:15:05'), time: '09:15:05' },
  /** A moment before that. */
  'missed-soon': { ...deadLogin('09:14:58'), time: '09:14:58' },
  'signed-out': {
    time: '11:00:21',
    change: (state) => ({
      ...state,
      auth: { ...noToken(state), apiKeyHint: 'k7x2…9f' },
      feed: { ...feedOff(state, 'waits for a login'), desired: 'on', lastTickAt: ist(TODAY, '10:59:38') },
      alerts: [alert('token', 'action', "Sign in to Kite for today's prices.", 'sign-in')],
    }),
    scenario: { ticking: false, isStale: () => true, candles: { date: TODAY, until: '10:59' } },
  },
  paused: {
    time: '11:00:21',
    change: (state) => ({
      ...state,
      feed: { ...feedOff(state, 'paused by you'), paused: true, lastTickAt: ist(TODAY, '10:59:38') },
      alerts: [alert('paused', 'warning', 'The feed is paused.', 'resume-feed')],
    }),
    scenario: { ticking: false, isStale: () => true, candles: { date: TODAY, until: '10:59' } },
  },
  /** The server has hung up and does not answer. */
  reconnecting: {
    time: '11:00:05',
    change: (state) => ({
      ...state,
      feed: {
        ...state.feed,
        source: 'none',
        state: 'connecting',
        cause: 'network',
        causeText: 'The connection to Kite was lost; reconnecting.',
        attempt: 1,
        lastTickAt: ist(TODAY, '10:59:58'),
        lastFrameAt: ist(TODAY, '10:59:59'),
        gaps: [{ from: ist(TODAY, '10:59:58'), to: null, cause: 'network', keys: [] }],
      },
      alerts: [alert('feed', 'warning', 'The connection to Kite was lost; reconnecting.', 'retry-feed')],
    }),
    scenario: { ticking: false, isStale: () => true, candles: { date: TODAY, until: '10:59' } },
  },
  'pre-open': {
    time: '09:05:30',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'pre-open', next: { phase: 'pre-open-matching', at: ist(TODAY, '09:10') } },
    }),
    scenario: {
      candles: null,
      kindOf: ({ role }) => (role === 'watch' ? 'previous-close' : 'indicative'),
    },
  },
  /** A minute before the market opens. */
  buffer: {
    time: '09:14:02',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'buffer', next: { phase: 'live', at: ist(TODAY, '09:15') } },
    }),
    scenario: {
      candles: null,
      kindOf: ({ segment }) => (segment === 'NFO_OPT' ? 'previous-close' : 'indicative'),
    },
  },
  /** In a window with room for chart or details, the details. */
  details: { time: '11:00:12', scenario: { ui: { mainPanel: 'details' } } },
  halted: {
    time: '11:00:12',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'halted', next: null },
      feed: { ...state.feed, lastTickAt: ist(TODAY, '10:52:00') },
    }),
    scenario: { ticking: false, kindOf: () => 'frozen', candles: { date: TODAY, until: '10:52' } },
  },
  rest: {
    time: '11:00:12',
    change: (state) => ({
      ...state,
      feed: {
        ...state.feed,
        source: 'rest',
        state: 'backoff',
        cause: 'network',
        causeText: 'The ticker cannot be reached; prices come once a second by REST.',
        attempt: 4,
        retryAt: ist(TODAY, '11:00:20'),
        gaps: [{ from: ist(TODAY, '10:41:10'), to: ist(TODAY, '10:46:02'), cause: 'network', keys: [] }],
      },
      alerts: [
        alert('rest', 'warning', 'The ticker cannot be reached: prices come once a second by REST.', 'retry-feed'),
      ],
    }),
    scenario: { fromRest: true },
  },
  blocked: {
    time: '11:00:12',
    change: (state) => ({
      ...state,
      auth: { ...state.auth, state: 'expired', reason: 'Kite refused the token.' },
      feed: {
        ...state.feed,
        source: 'none',
        state: 'blocked',
        cause: 'logged-in-elsewhere',
        causeText: 'Kite ended this session, most likely by a login on Kite Web.',
        gaps: [{ from: ist(TODAY, '10:58:40'), to: null, cause: 'logged-in-elsewhere', keys: [] }],
        lastTickAt: ist(TODAY, '10:58:40'),
        lastFrameAt: ist(TODAY, '10:58:40'),
        since: ist(TODAY, '10:58:42'),
      },
      alerts: [
        alert('blocked', 'action', 'Kite ended the session, most likely by a login on Kite Web.', 'sign-in'),
        alert('outage', 'warning', 'No prices since 10:58:40.', 'open-doctor'),
      ],
      settings: { ...state.settings, bottomPanelOpen: true },
    }),
    scenario: { ticking: false, isStale: () => true, candles: { date: TODAY, until: '10:58' } },
  },
  'closing-auction': {
    time: '15:20:03',
    change: (state) => ({
      ...state,
      market: {
        ...state.market,
        phase: 'closing-auction',
        next: { phase: 'derivatives-only', at: ist(TODAY, '15:35') },
      },
    }),
    scenario: {
      kindOf: ({ segment }) => (segment !== null && /^[NB]FO_/.test(segment) ? 'live' : 'frozen'),
      candles: { date: TODAY, until: '15:19' },
    },
  },
  done: {
    time: '15:46:00',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'closed', next: { phase: 'pre-open', at: ist('2026-11-25', '09:00') } },
      feed: feedOff(state, 'the day is done'),
    }),
    scenario: { ticking: false, kindOf: () => 'frozen', candles: { date: TODAY, until: '15:39' } },
  },
  holiday: {
    date: '2026-11-24',
    time: '10:15:00',
    change: (state) => ({
      ...state,
      market: {
        ...state.market,
        day: 'holiday',
        reason: 'Guru Nanak Jayanti',
        phase: 'closed',
        next: { phase: 'pre-open', at: ist('2026-11-25', '09:00') },
        sessions: [],
      },
      auth: { ...state.auth, state: 'suspect', expiresAt: ist('2026-11-24', '06:00') },
      feed: feedOff(state, 'holiday'),
      schedule: { date: '2026-11-24', steps: [] },
      settings: { ...state.settings, watchlist: [] },
      instruments: state.instruments.filter((instrument) => instrument.role !== 'watch'),
    }),
    scenario: { ticking: false, kindOf: () => 'previous-close', candles: { date: TODAY, until: '15:39' } },
  },
  unknown: {
    date: '2027-01-04',
    time: '10:15:00',
    change: (state) => ({
      ...state,
      market: { ...state.market, day: 'unknown', reason: 'Beyond the calendar’s data', hours: 'assumed' },
      auth: { ...state.auth, expiresAt: ist('2027-01-05', '06:00') },
      alerts: [alert('calendar', 'warning', 'The calendar’s data ends on 31 Dec 2026: update the app.', null)],
    }),
  },
  'link-lost': { time: '11:00:12', scenario: { linkLost: true, ticking: false } },
  'no-desk': { time: '11:00:12', scenario: { silent: true, linkLost: true, ticking: false } },
  simulated: {
    time: '09:31:00',
    change: simulated,
  },
  'simulation-menu': { time: '09:05:12', change: simulated, scenario: { press: ['s'] } },
  'simulation-paused': {
    time: '09:05:12',
    change: (state) => ({ ...simulated(state), transport: { paused: true, speed: 20, leadsTo: 'end' } }),
    scenario: { ticking: false, press: ['s'] },
  },
  'simulated-account': {
    time: '09:05:12',
    change: simulated,
    scenario: { ui: { dialog: 'settings', settingsTab: 'account' } },
  },
  future: {
    time: '15:38:00',
    change: (state) => ({
      ...state,
      market: { ...state.market, phase: 'derivatives-only', next: { phase: 'closed', at: ist(TODAY, '15:40') } },
    }),
    scenario: { press: ['4'], kindOf: ({ role }) => (role === 'future' ? 'live' : 'frozen') },
  },
  'sign-in': {
    time: '11:00:12',
    change: (state) => ({ ...state, auth: { ...noToken(state), apiKeyHint: 'k7x2…9f' } }),
    scenario: { press: ['l'] },
  },
  settings: { time: '11:00:12', scenario: { press: ['Control+,'] } },
  help: { time: '11:00:12', scenario: { press: ['?'] } },
  activity: { time: '11:00:12', scenario: { press: ['b'] } },
  'long-watchlist': {
    time: '11:00:12',
    change: (state) => {
      const more = manyShares(9_000 - state.settings.watchlist.length);
      return {
        ...state,
        instruments: [...state.instruments, ...more],
        settings: {
          ...state.settings,
          watchlist: [...state.settings.watchlist, 'NSE:GONE', ...more.map(({ key }) => key)],
        },
        feed: { ...state.feed, capacity: { used: 9_006, limit: 9_000 } },
      };
    },
  },
  notifications: { time: '11:00:12', scenario: { ui: { dialog: 'settings', settingsTab: 'notifications' } } },
  account: { time: '11:00:12', scenario: { ui: { dialog: 'settings', settingsTab: 'account' } } },
  'add-instrument': { time: '11:00:12', scenario: { ui: { dialog: 'add-instrument' }, press: ['n', 'i', 'f'] } },
  health: {
    time: '11:00:12',
    change: (state) => ({
      ...panelOpen(state),
      feed: {
        ...state.feed,
        reconnects: 3,
        dropped: 2,
        gaps: [{ from: ist(TODAY, '10:41:10'), to: ist(TODAY, '10:41:14'), cause: 'network', keys: [] }],
      },
    }),
    scenario: { ui: { bottomTab: 'health' } },
  },
  doctor: {
    time: '11:00:12',
    change: (state) => ({ ...panelOpen(state), doctor: { running: null, report: madeUpReport } }),
    scenario: { ui: { bottomTab: 'doctor' } },
  },
  'doctor-running': {
    time: '11:00:12',
    change: (state) => ({
      ...panelOpen(state),
      doctor: { running: { ...madeUpReport, checks: madeUpReport.checks.slice(0, 4) }, report: null },
    }),
    scenario: { ui: { bottomTab: 'doctor' } },
  },
  'stale-instrument': {
    time: '11:00:12',
    change: (state) => ({
      ...state,
      instruments: state.instruments.map((one) => ({ ...one, stale: one.key === 'BSE:SENSEX' })),
      feed: { ...state.feed, lastTickAt: ist(TODAY, '10:59:40') },
      alerts: [alert('stale', 'warning', 'SENSEX has had no tick for 32 s while the others tick.', 'open-doctor')],
    }),
    scenario: { isStale: ({ key }) => key === 'BSE:SENSEX' },
  },
  unverified: {
    time: '08:51:00',
    change: (state) => ({
      ...state,
      auth: { ...state.auth, state: 'unverified', reason: 'Kite could not be reached.' },
      feed: { ...feedOff(state, 'waits for Kite'), desired: 'on' },
      market: { ...state.market, phase: 'closed', next: { phase: 'pre-open', at: ist(TODAY, '09:00') } },
      alerts: [alert('unverified', 'warning', 'Kite cannot be reached: the token is not verified yet.', 'open-doctor')],
    }),
    scenario: { ticking: false, kindOf: () => 'previous-close', candles: { date: '2026-11-20', until: '15:14' } },
  },
  special: {
    date: '2026-11-08',
    time: '17:30:00',
    change: (state) => ({
      ...state,
      market: {
        ...state.market,
        day: 'special',
        reason: 'Muhurat trading',
        hours: 'unpublished',
        phase: 'unknown',
        next: null,
        sessions: [],
      },
    }),
    scenario: { kindOf: () => 'live', candles: null },
  },
  loading: { time: '11:00:12', scenario: { history: 'hangs', kindOf: () => null } },
  'part-history': { time: '11:00:12', scenario: { history: 'partial' } },
  'chart-error': { time: '11:00:12', scenario: { history: 'fails' } },
};

function deadLogin(time: string): Pick<Difference, 'change' | 'scenario'> {
  const isOpen = time >= '09:15';
  return {
    change: (state) => ({
      ...state,
      auth: {
        ...noToken(state),
        state: 'expired',
        userId: 'AB1234',
        apiKeyHint: 'k7x2…9f',
        reason: 'Kite refused it.',
      },
      feed: { ...feedOff(state, 'waits for a login'), desired: 'on' },
      market: {
        ...state.market,
        phase: isOpen ? 'live' : 'buffer',
        next: { phase: isOpen ? 'closing-auction' : 'live', at: ist(TODAY, isOpen ? '15:15' : '09:15') },
      },
      schedule: { date: TODAY, steps: stepsAt(TODAY, ist(TODAY, time), true) },
      activity: state.activity.slice(0, 5),
      alerts: [alert('token', 'action', 'Your Kite login has expired.', 'sign-in')],
    }),
    scenario: { ticking: false, kindOf: () => 'previous-close', candles: null },
  };
}

export const scenarioNames: readonly string[] = Object.keys(differences);

export function findScenario(name: string): Scenario {
  const difference = differences[name];
  if (difference === undefined) throw new Error(`no such scenario: ${name}; there are ${scenarioNames.join(', ')}`);
  return scenarioOf(name, difference);
}
