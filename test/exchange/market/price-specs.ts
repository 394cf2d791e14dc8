/** How one index or share behaves in the simulation. */
export interface PriceSpec {
  /** Name of the path: the trading symbol of the index or share. */
  readonly path: string;
  readonly exchange: 'NSE' | 'BSE';
  /** Paise on `ANCHOR_DATE`, from where the daily closes wander both ways. */
  readonly anchorPaise: number;
  /** Smallest step of the price, paise. */
  readonly stepPaise: number;
  /** Standard deviation of one-minute returns outside the first half hour, basis points. */
  readonly minuteBp: number;
  /** Standard deviation of close-to-close returns a calendar day, basis points. */
  readonly dailyBp: number;
  /** Share of its distance from the anchor that the level keeps from one day to the next. */
  readonly memory: number;
  /** Correlation of its returns with NIFTY's. */
  readonly correlation: number;
  /** Whether it is published during the pre-open. */
  readonly indicative: boolean;
}

/** The date of the levels below: the first recorded day, so that recordings and simulation meet. */
export const ANCHOR_DATE = '2025-12-22';

const index = { minuteBp: 1.6, dailyBp: 40, memory: 0.995, indicative: true } as const;
const nseIndex = { ...index, exchange: 'NSE', stepPaise: 5 } as const;
const bseIndex = { ...index, exchange: 'BSE', stepPaise: 1 } as const;
const share = { exchange: 'NSE', stepPaise: 10, minuteBp: 3.2, dailyBp: 80, memory: 0.995, indicative: true } as const;

/** Minute volatility and the correlation of BANKNIFTY are those of recorded sessions; the rest is in proportion. */
export const priceSpecs: readonly PriceSpec[] = [
  { ...nseIndex, path: 'NIFTY 50', anchorPaise: 2_617_000, correlation: 1 },
  { ...nseIndex, path: 'NIFTY BANK', anchorPaise: 5_930_000, correlation: 0.78 },
  { ...bseIndex, path: 'SENSEX', anchorPaise: 8_556_000, correlation: 0.95 },
  { ...nseIndex, path: 'NIFTY FIN SERVICE', anchorPaise: 2_745_000, correlation: 0.8 },
  { ...nseIndex, path: 'NIFTY NEXT 50', anchorPaise: 6_900_000, correlation: 0.7 },
  { ...bseIndex, path: 'SENSEX50', anchorPaise: 2_740_000, correlation: 0.95 },
  { ...bseIndex, path: 'BANKEX', anchorPaise: 6_650_000, correlation: 0.78 },
  {
    path: 'INDIA VIX',
    exchange: 'NSE',
    anchorPaise: 1_350,
    stepPaise: 1,
    minuteBp: 14,
    dailyBp: 250,
    memory: 0.97,
    correlation: -0.6,
    indicative: false,
  },
  { ...share, path: 'RELIANCE', anchorPaise: 157_500, correlation: 0.6 },
  { ...share, path: 'HDFCBANK', anchorPaise: 99_000, correlation: 0.6, stepPaise: 5 },
  { ...share, path: 'ICICIBANK', anchorPaise: 136_000, correlation: 0.6 },
  { ...share, path: 'INFY', anchorPaise: 164_000, correlation: 0.45 },
  { ...share, path: 'TCS', anchorPaise: 328_000, correlation: 0.45 },
  { ...share, path: 'SBIN', anchorPaise: 97_500, correlation: 0.55, stepPaise: 5 },
  { ...share, path: 'LT', anchorPaise: 405_000, correlation: 0.55 },
  { ...share, path: 'ITC', anchorPaise: 40_500, correlation: 0.35, stepPaise: 5 },
];
