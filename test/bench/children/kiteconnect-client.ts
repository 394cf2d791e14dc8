/** The official client, used as its documentation shows. Arguments: ticker root, api key, access token, instrument token. */
import { KiteTicker } from 'kiteconnect';
import { tellBench } from '../support/child.ts';

const [root = '', apiKey = '', accessToken = '', token = '0'] = process.argv.slice(2);

// `root` is documented in the package's script and missing in its typings.
const options = { api_key: apiKey, access_token: accessToken, reconnect: true, max_retry: 300, max_delay: 60, root };
const ticker = new KiteTicker(options);
ticker.on('connect', () => {
  ticker.subscribe([Number(token)]);
  ticker.setMode(ticker.modeFull, [Number(token)]);
});
ticker.on('ticks', () => tellBench('ticks'));
ticker.connect();
