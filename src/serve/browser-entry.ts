import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Access } from './access.ts';
import { OneTimeCodes } from './one-time-codes.ts';
import { securityHeaders } from './static-files.ts';

/** How long an address that was handed to a browser opens the app; real ms. */
const CODE_LIFETIME_MS = 60_000;
/** From the redirect until the page's own script asks; real ms. */
const TICKET_LIFETIME_MS = 60_000;
const SESSION_PATH = '/session';

/**
 * How a browser's page comes by the key without the key ever being in an address: it is opened at an address with a
 * one-time code, is sent on to one without it, and then exchanges the ticket it got on the way, a cookie that only this
 * exchange reads, for the key. What other users of the PC see in the list of processes, what the browser keeps in its
 * history and what a page tells the next opens nothing.
 *
 * The key itself is not made a cookie: cookies do not know ports, and another program's server on this PC would get it.
 */
export class BrowserEntry {
  private readonly access: Access;
  private readonly key: string;
  private readonly codes: OneTimeCodes;
  private readonly tickets: OneTimeCodes;
  private readonly cookie: string;

  constructor(access: Access, key: string, port: number, clock: Clock) {
    this.access = access;
    this.key = key;
    this.codes = new OneTimeCodes(clock, CODE_LIFETIME_MS);
    this.tickets = new OneTimeCodes(clock, TICKET_LIFETIME_MS);
    this.cookie = `desk-ticket-${port}`;
  }

  /** What an address that is handed to a browser ends with. */
  issueCode(): string {
    return this.codes.issue();
  }

  /** Answers what belongs to the entry, and returns whether it did. The caller has checked Host and Origin. */
  answer(request: IncomingMessage, url: URL, response: ServerResponse): boolean {
    if (request.method === 'POST' && url.pathname === SESSION_PATH) {
      this.giveKey(request, response);
      return true;
    }
    const isOpened = url.searchParams.has('code') || url.searchParams.has('key');
    if (request.method !== 'GET' || url.pathname !== '/' || !isOpened) return false;
    this.open(url, response);
    return true;
  }

  private open(url: URL, response: ServerResponse): void {
    const code = url.searchParams.get('code');
    const isGood = code === null ? this.access.isKey(url.searchParams.get('key')) : this.codes.redeem(code);
    if (!isGood) {
      response.writeHead(401, { ...securityHeaders, 'content-type': 'text/html; charset=utf-8' }).end(usedUp);
      return;
    }
    const ticket = `${this.cookie}=${this.tickets.issue()}; ${this.attributes(TICKET_LIFETIME_MS / 1000)}`;
    response.writeHead(303, { ...securityHeaders, location: '/', 'set-cookie': ticket }).end();
  }

  private giveKey(request: IncomingMessage, response: ServerResponse): void {
    const ticket = cookieOf(request, this.cookie);
    const isGood = ticket !== null && this.tickets.redeem(ticket);
    const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' };
    const body = isGood ? { key: this.key } : { error: 'no ticket, or one that was used' };
    const spent = `${this.cookie}=; ${this.attributes(0)}`;
    response.writeHead(isGood ? 200 : 401, { ...headers, 'set-cookie': spent }).end(`${JSON.stringify(body)}\n`);
  }

  private attributes(maxAgeSeconds: number): string {
    return `Path=${SESSION_PATH}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  }
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

const usedUp = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>MyDailyTradingSignals</title>
<h1>This address no longer opens the app</h1>
<p>It works once, within a minute of the start. Use the page that is already open, or the address that the app printed
when it was last started.</p>
</html>
`;
