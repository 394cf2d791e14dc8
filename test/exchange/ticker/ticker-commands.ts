import type { TickerMode } from '../../../src/kite/ticker-events.ts';

/** What a client asked of the ticker. Tokens that are not numbers are left out, as Kite does without a word. */
export type TickerCommand =
  | { readonly action: 'subscribe' | 'unsubscribe'; readonly tokens: readonly number[] }
  | { readonly action: 'mode'; readonly mode: TickerMode; readonly tokens: readonly number[] }
  | { readonly action: 'invalid'; readonly reason: string };

const modes: readonly unknown[] = ['ltp', 'quote', 'full'] satisfies TickerMode[];

/** Reads `{"a":"subscribe","v":[…]}` and its like; `text` is null for a binary message. */
export function parseTickerCommand(text: string | null): TickerCommand {
  const message = text === null ? null : parseJson(text);
  if (typeof message !== 'object' || message === null) return invalid('Invalid message: not a JSON object.');
  const action = 'a' in message ? message.a : undefined;
  const value = 'v' in message ? message.v : undefined;
  if (action !== 'subscribe' && action !== 'unsubscribe' && action !== 'mode') return invalid('Invalid action.');
  if (!Array.isArray(value)) return invalid(`Invalid value for ${action}.`);
  if (action !== 'mode') return { action, tokens: value.filter(isToken) };
  const [mode, tokens]: unknown[] = value;
  if (!isMode(mode)) return invalid('Invalid mode.');
  if (!Array.isArray(tokens)) return invalid('Invalid value for mode.');
  return { action, mode, tokens: tokens.filter(isToken) };
}

function invalid(reason: string): TickerCommand {
  return { action: 'invalid', reason };
}

function isToken(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isMode(value: unknown): value is TickerMode {
  return modes.includes(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
