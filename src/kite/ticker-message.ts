import { z } from 'zod';
import { parseJson } from './json.ts';
import type { TickerMessage } from './ticker-events.ts';

/** Order postbacks and `app_code` carry more; only what the desk uses is read. */
const known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('error'), data: z.string() }),
  z.object({ type: z.literal('message'), data: z.string() }),
  z.object({ type: z.literal('order') }),
  /** Undocumented; one comes after every connect. A changed etag means a new instrument dump. */
  z.object({
    type: z.literal('instruments_meta'),
    data: z.object({ count: z.number().int().nonnegative(), etag: z.string() }),
  }),
]);

const anyMessage = z.object({ type: z.string().min(1).max(100) });

/** Reads a text frame of the ticker; null when it is not a message at all. */
export function parseTickerMessage(text: string): TickerMessage | null {
  const json = parseJson(text);
  const message = known.safeParse(json);
  if (!message.success) {
    const other = anyMessage.safeParse(json);
    return other.success ? { type: 'other', name: other.data.type } : null;
  }
  switch (message.data.type) {
    case 'error':
    case 'message':
      return { type: message.data.type, text: message.data.data };
    case 'order':
      return { type: 'order' };
    case 'instruments_meta':
      return { type: 'instruments-meta', ...message.data.data };
  }
}
