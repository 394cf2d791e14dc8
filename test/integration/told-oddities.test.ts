import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openDesk } from '../../src/desk/open-desk.ts';
import { readEnvironment } from '../../src/environment.ts';
import { startRestServer } from '../unit/kite/rest-server.ts';

const columns =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
const nifty = '256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE';

it('rows of an instrument list that cannot be read are told in the activity log of the desk', async () => {
  const home = mkdtempSync(join(tmpdir(), 'mdts-home-'));
  await using server = await startRestServer();
  server.answer = { type: 'text/csv', body: `${[columns, nifty, 'not,a,row'].join('\n')}\n` };
  try {
    const { root } = server;
    const environment = {
      ...readEnvironment({ MDTS_SECRETS: 'memory' }, false),
      endpoints: { apiRoot: root, loginRoot: root, tickerRoot: root.replace('http', 'ws') },
      home,
    };
    const shell = { version: 'test', home: null, channels: [], canSimulate: false, hasLoginWindow: false };
    await using desk = await openDesk(environment, shell);
    await vi.waitFor(
      () =>
        expect(desk.state.activity).toContainEqual(
          expect.objectContaining({
            level: 'warning',
            area: 'instruments',
            text: '1 row of the NSE instrument list cannot be read and is left out: not,a,row',
          }),
        ),
      { timeout: 10_000 },
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
