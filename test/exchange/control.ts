import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../src/clock.ts';
import { formatIst } from '../../src/market/ist.ts';
import { type Fault, type FaultBook, faultSchema, type ScriptedFault } from './faults.ts';
import { type Answer, json, readBody } from './rest/responses.ts';
import type { ExchangeStats, StatsCounter } from './stats.ts';

/** What the exchange tells about itself. Market instants in ms since the epoch and in IST text. */
export interface ExchangeState {
  readonly clock: { readonly nowMs: number; readonly now: string; readonly speed: number };
  readonly stats: ExchangeStats;
  readonly faults: readonly ScriptedFault[];
}

/** Scripting the exchange: the same for tests in the process and for `/__control/`. */
export interface ExchangeControl {
  /** Puts a fault in force; returns the number by which to clear it. */
  apply(fault: Fault): number;
  /** Ends one fault, or all. */
  clear(id?: number): void;
  state(): ExchangeState;
}

/** Paths below this are the exchange's own and not subject to faults. */
export const CONTROL_PREFIX = '/__control/';

const clearSchema = z.strictObject({ kind: z.literal('clear'), id: z.int().optional() });
const scriptSchema = z.array(z.discriminatedUnion('kind', [...faultSchema.options, clearSchema])).min(1);

export function exchangeControl(clock: Clock, faults: FaultBook, stats: StatsCounter): ExchangeControl {
  return {
    apply: (fault) => faults.apply(fault),
    clear: (id) => faults.clear(id),
    state: () => ({
      clock: { nowMs: clock.now(), now: formatIst(clock.now()), speed: clock.speed },
      stats: stats.snapshot(),
      faults: faults.list(),
    }),
  };
}

/** `GET /__control/state` and `POST /__control/faults` (one command or a list, as JSON). */
export async function answerControl(control: ExchangeControl, request: IncomingMessage, url: URL): Promise<Answer> {
  if (request.method === 'GET' && url.pathname === `${CONTROL_PREFIX}state`) return json(200, control.state());
  if (request.method !== 'POST' || url.pathname !== `${CONTROL_PREFIX}faults`) return json(404, { error: 'not found' });
  // A page in a browser can send a form across origins, but not JSON.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return json(415, { error: 'send application/json' });
  }
  const body = parseJson(await readBody(request));
  const parsed = scriptSchema.safeParse(Array.isArray(body) ? body : [body]);
  if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
  const ids = parsed.data.flatMap((command) => {
    if (command.kind !== 'clear') return [control.apply(command)];
    control.clear(command.id);
    return [];
  });
  return json(200, { ids, faults: control.state().faults });
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
