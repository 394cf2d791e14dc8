/** Where Kite is: Zerodha's own servers, or another exchange that speaks the same protocol. */
export interface KiteEndpoints {
  /** REST root without a trailing slash. */
  readonly apiRoot: string;
  /** Login page root without a trailing slash; `/connect/login` is below it. */
  readonly loginRoot: string;
  /** Ticker socket URL without a query. */
  readonly tickerRoot: string;
}

export const zerodhaEndpoints: KiteEndpoints = {
  apiRoot: 'https://api.kite.trade',
  loginRoot: 'https://kite.zerodha.com',
  tickerRoot: 'wss://ws.kite.trade',
};
