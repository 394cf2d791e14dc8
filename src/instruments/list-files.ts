import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readInstrumentDump } from '../kite/instrument-dump.ts';
import { parseJson } from '../kite/json.ts';
import type { KiteInstrument } from '../kite/session.ts';
import { isIstDate } from '../market/ist.ts';
import { eventLoopTurn } from '../turn.ts';
import type { InstrumentList, InstrumentListStore } from './instrument-lists.ts';

const FORMAT = 1;
const LARGEST_BYTES = 64 * 1024 * 1024;
const ROWS_AT_A_STRETCH = 2_000;
const COLUMNS = 'instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';

/** The first line of a file; Kite's own columns follow. */
const headSchema = z.object({
  format: z.literal(FORMAT),
  exchange: z.string(),
  date: z.string().refine(isIstDate),
  takenAtMs: z.number(),
});

/**
 * Instrument lists as files of the home folder, `instruments/NFO.csv`, read and written off the main thread and in short
 * stretches. A file that is missing, damaged or no file at all is no list; what cannot be written is left.
 */
export function instrumentListFiles(home: string): InstrumentListStore {
  const folder = join(home, 'instruments');
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    load: async (exchange) => {
      try {
        return await read(pathOf(folder, exchange), exchange);
      } catch {
        return null;
      }
    },
    save: (list) => {
      lastWrite = lastWrite.then(() => write(folder, list)).catch(() => undefined);
      return lastWrite;
    },
  };
}

function pathOf(folder: string, exchange: string): string {
  return join(folder, `${exchange.replace(/[^A-Z]/g, '')}.csv`);
}

async function read(path: string, exchange: string): Promise<InstrumentList | null> {
  const stats = await lstat(path);
  if (!stats.isFile() || stats.size > LARGEST_BYTES) return null;
  const text = await readFile(path, 'utf8');
  const headEnd = text.indexOf('\n');
  const head = headSchema.safeParse(parseJson(text.slice(0, headEnd)));
  if (!head.success || head.data.exchange !== exchange) return null;
  const { instruments } = await readInstrumentDump(text.slice(headEnd + 1));
  const { date, takenAtMs } = head.data;
  return instruments.length === 0 ? null : { exchange, date, takenAtMs, instruments };
}

async function write(folder: string, { exchange, date, takenAtMs, instruments }: InstrumentList): Promise<void> {
  const parts = [`${JSON.stringify({ format: FORMAT, exchange, date, takenAtMs })}\n${COLUMNS}\n`];
  for (let from = 0; from < instruments.length; from += ROWS_AT_A_STRETCH) {
    parts.push(
      instruments
        .slice(from, from + ROWS_AT_A_STRETCH)
        .map(rowText)
        .join(''),
    );
    await eventLoopTurn();
  }
  const path = pathOf(folder, exchange);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.tmp`, parts, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

function rowText(row: KiteInstrument): string {
  const { token, tradingSymbol, name, expiry, strike, tickSize, lotSize, type, segment, exchange } = row;
  const fields = [token, tradingSymbol, name, expiry ?? '', strike, tickSize, lotSize, type, segment, exchange];
  return `${fields.map(fieldText).join(',')}\n`;
}

function fieldText(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
