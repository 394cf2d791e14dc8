/** What becomes of a call on a connection that was kept open and that the server has given up meanwhile. */
import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type NetConnectOpts } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotedTransport } from '../../../src/kite/noted-transport.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';

const session = { apiKey: 'key123', accessToken: 'SECRETaccess' };
const profile = { user_id: 'AB1234', user_name: 'A Trader', user_shortname: 'A', email: '', broker: 'ZERODHA' };

/** What the server does to a request: answer it, break the connection before or within the answer, or say nothing. */
type Fate = 'answer' | 'reset' | 'hang-up' | 'cut' | 'nothing';

let server: Server;
let rest: KiteRest;
/** Taken in turn; the last one stays. */
let fates: Fate[];
/** Each request: its method, and how many its connection had brought before. */
let requests: string[];

beforeEach(async () => {
  requests = [];
  const servedOn = new WeakMap<object, number>();
  server = createServer((request, response) => {
    const { socket } = request;
    const served = servedOn.get(socket) ?? 0;
    servedOn.set(socket, served + 1);
    requests.push(`${request.method} after ${served}`);
    const fate = (fates.length > 1 ? fates.shift() : fates[0]) ?? 'answer';
    response.setHeader('content-type', 'application/json');
    if (fate === 'answer') response.end(JSON.stringify({ status: 'success', data: profile }));
    if (fate === 'reset') socket.resetAndDestroy();
    if (fate === 'hang-up') socket.destroy();
    if (fate === 'cut') {
      response.setHeader('content-length', '100');
      response.write('{', () => socket.resetAndDestroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  rest = kiteRestClient({ endpoints: { apiRoot: root, loginRoot: root, tickerRoot: '' }, timeoutMs: 300 });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a call on a connection that was kept open', () => {
  it.each<Fate>(['reset', 'hang-up'])('is made again on a fresh one after a %s', async (fate) => {
    fates = ['answer', fate, 'answer'];
    await rest.profile(session);
    expect(await rest.profile(session)).toMatchObject({ userId: 'AB1234' });
    expect(requests).toEqual(['GET after 0', 'GET after 1', 'GET after 0']);
  });

  it('is made again on none of the others that were kept', async () => {
    fates = ['answer', 'answer', 'reset', 'answer'];
    await Promise.all([rest.profile(session), rest.profile(session)]);
    await rest.profile(session);
    expect(requests).toEqual(['GET after 0', 'GET after 0', 'GET after 1', 'GET after 0']);
  });

  it('is made again once, not twice', async () => {
    fates = ['answer', 'reset'];
    await rest.profile(session);
    await expect(rest.profile(session)).rejects.toMatchObject({ code: 'network', networkCode: 'ECONNRESET' });
    expect(requests).toEqual(['GET after 0', 'GET after 1', 'GET after 0']);
  });

  it('is not made again after a part of an answer, nor when none came in time', async () => {
    fates = ['answer', 'cut', 'answer', 'nothing'];
    await rest.profile(session);
    await expect(rest.profile(session)).rejects.toMatchObject({ code: 'network' });
    await rest.profile(session);
    await expect(rest.profile(session)).rejects.toMatchObject({ code: 'timeout' });
    expect(requests).toHaveLength(4);
  });

  it.each([
    ['a login is finished', () => rest.createSession({ apiKey: 'key123', apiSecret: 's' }, 'once'), 'POST after 1'],
    ['a session is ended', () => rest.endSession(session), 'DELETE after 1'],
  ])('is not made again when by it %s', async (_case, call, request) => {
    fates = ['answer', 'reset', 'answer'];
    await rest.profile(session);
    await expect(call()).rejects.toMatchObject({ code: 'network' });
    expect(requests).toEqual(['GET after 0', request]);
  });
});

it('a call whose own connection is broken is not made again', async () => {
  fates = ['reset', 'answer'];
  await expect(rest.profile(session)).rejects.toMatchObject({ code: 'network', networkCode: 'ECONNRESET' });
  expect(requests).toEqual(['GET after 0']);
});

it('the time-out runs from before the connection stands', async () => {
  fates = ['answer'];
  const agent = new Agent();
  let timeout: number | undefined;
  agent.createConnection = (options) => {
    ({ timeout } = options);
    return connect(options as NetConnectOpts);
  };
  const { port } = server.address() as AddressInfo;
  const [response] = await once(new NotedTransport(300).request({ port, agent }, () => {}).end(), 'response');
  response.resume();
  expect(timeout).toBe(300);
});
