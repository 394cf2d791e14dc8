import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { readInstrumentDump } from '../kite/instrument-dump.ts';
import { parseJson } from '../kite/json.ts';
import type { KiteInstrument } from '../kite/session.ts';
import { isIstDate } from '../market/ist.ts';
import type { Disk } from '../storage/disk-thread.ts';
import { RetriedWrite } from '../storage/retried-write.ts';
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

type ListDisk = Pick<Disk, 'readText' | 'appendPart' | 'putInPlace'>;

export interface ListFilePorts {
  readonly disk: ListDisk;
  /** Real time. */
  readonly clock: Clock;
  readonly home: string;
}

export interface InstrumentListFiles extends InstrumentListStore, Disposable {
  /** Writes all that were saved in this run once more: their files may have gone. */
  saveAgain(): Promise<void>;
}

/**
 * Instrument lists as files of the home folder, `instruments/NFO.csv`, read and written by the disk's thread and in short
 * stretches. A file that is missing, damaged or no file at all is no list; what cannot be written is written later.
 */
export function instrumentListFiles({ disk, clock, home }: ListFilePorts): InstrumentListFiles {
  const folder = join(home, 'instruments');
  const saved = new Map<string, InstrumentList>();
  const waiting = new Map<string, InstrumentList>();
  const writer = new RetriedWrite({
    clock,
    write: async () => {
      const [list] = waiting.values();
      if (list === undefined) return false;
      await write(disk, folder, list);
      if (waiting.get(list.exchange) === list) waiting.delete(list.exchange);
      return waiting.size > 0;
    },
    // Lists are not missed before the next start, and whatever keeps them from the disk is told of history too.
    onTrouble: () => undefined,
  });
  return {
    load: async (exchange) => {
      try {
        return await read(disk, pathOf(folder, exchange), exchange);
      } catch {
        return null;
      }
    },
    save: (list) => {
      saved.set(list.exchange, list);
      waiting.set(list.exchange, list);
      return writer.request();
    },
    saveAgain: () => {
      for (const [exchange, list] of saved) waiting.set(exchange, list);
      return writer.request();
    },
    [Symbol.dispose]: () => writer[Symbol.dispose](),
  };
}

function pathOf(folder: string, exchange: string): string {
  return join(folder, `${exchange.replace(/[^A-Z]/g, '')}.csv`);
}

async function read(disk: ListDisk, path: string, exchange: string): Promise<InstrumentList | null> {
  const text = await disk.readText(path, LARGEST_BYTES);
  if (text === null) return null;
  const headEnd = text.indexOf('\n');
  const head = headSchema.safeParse(parseJson(text.slice(0, headEnd)));
  if (!head.success || head.data.exchange !== exchange) return null;
  const { instruments } = await readInstrumentDump(text.slice(headEnd + 1));
  const { date, takenAtMs } = head.data;
  return instruments.length === 0 ? null : { exchange, date, takenAtMs, instruments };
}

async function write(disk: ListDisk, folder: string, list: InstrumentList): Promise<void> {
  const { exchange, date, takenAtMs, instruments } = list;
  const path = pathOf(folder, exchange);
  await disk.appendPart(path, `${JSON.stringify({ format: FORMAT, exchange, date, takenAtMs })}\n${COLUMNS}\n`, true);
  for (let from = 0; from < instruments.length; from += ROWS_AT_A_STRETCH) {
    const rows = instruments.slice(from, from + ROWS_AT_A_STRETCH);
    await disk.appendPart(path, rows.map(rowText).join(''), false);
  }
  await disk.putInPlace(path);
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
