import type { MarketCalendar } from './calendar.ts';

/** One calendar for all who hold it, whose rows can be replaced while they do. */
export class ReloadableCalendar implements MarketCalendar {
  private current: MarketCalendar;

  constructor(calendar: MarketCalendar) {
    this.current = calendar;
  }

  replace(calendar: MarketCalendar): void {
    this.current = calendar;
  }

  get coverage(): MarketCalendar['coverage'] {
    return this.current.coverage;
  }

  get version(): string {
    return this.current.version;
  }

  get verifiedOn(): MarketCalendar['verifiedOn'] {
    return this.current.verifiedOn;
  }

  day: MarketCalendar['day'] = (...args) => this.current.day(...args);
  interval: MarketCalendar['interval'] = (...args) => this.current.interval(...args);
  segmentPhase: MarketCalendar['segmentPhase'] = (...args) => this.current.segmentPhase(...args);
  marketPhase: MarketCalendar['marketPhase'] = (...args) => this.current.marketPhase(...args);
  nextChange: MarketCalendar['nextChange'] = (...args) => this.current.nextChange(...args);
  previousTradingDay: MarketCalendar['previousTradingDay'] = (...args) => this.current.previousTradingDay(...args);
  nextTradingDay: MarketCalendar['nextTradingDay'] = (...args) => this.current.nextTradingDay(...args);
  monthlyExpiry: MarketCalendar['monthlyExpiry'] = (...args) => this.current.monthlyExpiry(...args);
}
