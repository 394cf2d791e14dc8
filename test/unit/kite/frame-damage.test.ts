import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DropReason, dropReasons, noDrops } from '../../../src/kite/drop-counts.ts';
import { decodeFrame } from '../../../src/kite/frame.ts';
import { TickColumns } from '../../../src/kite/tick-columns.ts';
import { TouchedSlots } from '../../../src/kite/touched-slots.ts';
import { decode, FUTURE, fullTick, NIFTY, NOW_MS, NOW_S, officialTicks, tickAt, unsigned } from './decoded-ticks.ts';
import { packet } from './ticker-arbitraries.ts';
import { frameOf, fullPacket, ltpPacket, quotePacket } from './ticker-frames.ts';

const good = ltpPacket(NIFTY, 2_600_000);
const other = ltpPacket(FUTURE, 2_601_000);
const whole = frameOf([good, other]);
const cut = (frame: Buffer, bytes: number): Buffer => frame.subarray(0, frame.length - bytes);

/** The official client spends 50 ms on a count of 65,535 in a frame of a few bytes; past the bytes' end it finds nothing. */
function withPlausibleCount(frame: Uint8Array): Uint8Array {
  const copy = Buffer.from(frame);
  if (copy.length >= 2) copy.writeUInt16BE(Math.min(copy.readUInt16BE(), copy.length));
  return copy;
}

describe('decodeFrame on damage', () => {
  const cases: readonly {
    name: string;
    frame: Uint8Array;
    taken: number;
    drops: Partial<Record<DropReason, number>>;
  }[] = [
    { name: 'no bytes', frame: new Uint8Array(), taken: 0, drops: { 'short-frame': 1 } },
    { name: 'a count alone', frame: Buffer.from([0, 1, 0]), taken: 0, drops: { 'short-frame': 1 } },
    { name: 'a frame cut within its last packet', frame: cut(whole, 1), taken: 1, drops: { 'absurd-count': 1 } },
    {
      name: 'a long packet cut short',
      frame: cut(frameOf([good, fullPacket(fullTick)]), 100),
      taken: 1,
      drops: { truncated: 1 },
    },
    {
      name: 'a length past the end',
      frame: Buffer.concat([frameOf([good], 2), Buffer.from([0, 200]), Buffer.alloc(20)]),
      taken: 1,
      drops: { truncated: 1 },
    },
    { name: 'a count of 65,535', frame: frameOf([good, other], 65_535), taken: 2, drops: { 'absurd-count': 1 } },
    { name: 'a count too small', frame: frameOf([good, other], 1), taken: 1, drops: { 'trailing-bytes': 1 } },
    {
      name: 'packets of unknown lengths',
      frame: frameOf([Buffer.alloc(0), good, Buffer.alloc(9), Buffer.alloc(185), other]),
      taken: 2,
      drops: { 'unknown-length': 3 },
    },
    {
      name: 'tokens nobody asked for',
      frame: frameOf([ltpPacket(1, 5), good]),
      taken: 1,
      drops: { 'unknown-token': 1 },
    },
  ];

  it.each(cases)('keeps what came whole and counts the rest: $name', ({ frame, taken, drops }) => {
    const decoded = decode(frame, [NIFTY, FUTURE]);
    expect(decoded.accepted).toBe(taken);
    expect(decoded.touched.count).toBe(taken);
    expect(decoded.drops).toEqual({ ...noDrops(), ...drops });
    if (taken > 0) expect(decoded.columns.lastPrice[0]).toBe(2_600_000);
  });

  it('takes nothing but ticks from 20,000 frames of noise and of damaged packets, and never throws', () => {
    const columns = new TickColumns();
    const tokenOf = (slot: number): number => slot * 256 + 2;
    for (let slot = 0; slot < 64; slot++) columns.add(tokenOf(slot), 100);
    const touched = new TouchedSlots();
    const drops = noDrops();
    const noise = fc.uint8Array({ maxLength: 300 });
    // Known tokens in packets of right and wrong lengths, with bytes turned over.
    const nearly = fc
      .tuple(
        fc.array(fc.tuple(packet, fc.nat(70)), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(20),
      )
      .map(([packets, flips, missing]) => {
        const bytes = frameOf(
          packets.map(([{ bytes: body }, slot]) => {
            const copy = Buffer.from(body);
            copy.writeUInt32BE(tokenOf(slot));
            return copy;
          }),
        );
        for (const [at, value] of flips) bytes[at % bytes.length] = value;
        return cut(bytes, missing % 3 === 0 ? Math.min(missing, bytes.length) : 0);
      });
    let ticks = 0;
    fc.assert(
      fc.property(fc.oneof(noise, nearly), (frame) => {
        columns.exchangeTimeMs.fill(0);
        columns.mode.fill(0);
        // So early that no held time is plausible: the order of ticks has its own tests.
        const accepted = decodeFrame(frame, columns, -100_000, touched, drops);
        const slots = [...touched.slots.subarray(0, touched.count)];
        const theirs = officialTicks(withPlausibleCount(frame)).filter(
          ({ instrument_token: token }) => columns.slotOf(token) >= 0,
        );
        // Past any damage the official client goes on guessing; up to there both must say the same.
        expect(accepted).toBeLessThanOrEqual(theirs.length);
        expect(slots.map((slot) => columns.token[slot])).toEqual(
          theirs.slice(0, accepted).map(({ instrument_token: token }) => token),
        );
        for (const slot of new Set(slots)) {
          const last = theirs.slice(0, accepted).findLast(({ instrument_token: token }) => token === tokenOf(slot));
          expect(columns.lastPrice[slot]).toBe(Math.round((last?.last_price ?? Number.NaN) * 100));
        }
        const written = columns.mode.subarray(0, columns.size).reduce((count, mode) => count + (mode === 0 ? 0 : 1), 0);
        expect(written).toBe(new Set(slots).size);
        ticks += accepted;
      }),
      { numRuns: 20_000 },
    );
    expect(ticks).toBeGreaterThan(1000);
    for (const reason of dropReasons) if (reason !== 'stale-order') expect(drops[reason], reason).toBeGreaterThan(0);
  });
});

describe("decodeFrame on the order of one instrument's ticks", () => {
  const at = (exchangeTime: number, lastPrice: number) =>
    frameOf([fullPacket({ ...fullTick, exchangeTime, lastPrice })]);

  it('drops a tick older than the one it holds, whole', () => {
    const { columns } = decode(at(NOW_S, 200), [FUTURE]);
    const before = tickAt(columns, 0);
    const late = decode(at(NOW_S - 1, 100), [FUTURE], columns);
    expect(late.accepted).toBe(0);
    expect(late.drops).toEqual({ ...noDrops(), 'stale-order': 1 });
    expect(tickAt(columns, 0)).toEqual(before);
  });

  it('takes the later packet of the same second, a packet without a time, and every other instrument', () => {
    const { columns } = decode(at(NOW_S, 200), [FUTURE, NIFTY]);
    decode(at(NOW_S, 201), [], columns);
    expect(columns.lastPrice[0]).toBe(201);
    decode(frameOf([quotePacket({ ...fullTick, lastPrice: 202 }), ltpPacket(NIFTY, 7)]), [], columns);
    expect(columns.lastPrice[0]).toBe(202);
    expect(columns.lastPrice[1]).toBe(7);
    expect(columns.exchangeTimeMs[0]).toBe(NOW_MS);
  });

  it('is not shut out for the day by one corrupt time far in the future', () => {
    const { columns } = decode(at(NOW_S + 86_400, 200), [FUTURE]);
    expect(decode(at(NOW_S, 201), [], columns).accepted).toBe(1);
    expect(columns.lastPrice[0]).toBe(201);
    expect(decode(at(NOW_S - 5, 202), [], columns).accepted).toBe(0);
  });

  it('lists a token that comes twice in a frame twice and holds the later packet', () => {
    const { columns, touched } = decode(frameOf([ltpPacket(NIFTY, 1), ltpPacket(NIFTY, 2)]), [NIFTY]);
    expect([...touched.slots.subarray(0, touched.count)]).toEqual([0, 0]);
    expect(columns.lastPrice[0]).toBe(2);
  });
});

describe('TickColumns', () => {
  it('finds every token after growing, and keeps what was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 400 }), (tokens) => {
        const columns = new TickColumns();
        for (const [slot, token] of tokens.entries()) {
          expect(columns.add(token, 100)).toBe(slot);
          columns.lastPrice[slot] = slot;
          columns.depthPrice[slot * 10 + 9] = slot;
        }
        for (const [slot, token] of tokens.entries()) {
          expect(columns.slotOf(token)).toBe(slot);
          expect(columns.add(token, 100)).toBe(slot);
          expect([columns.lastPrice[slot], columns.depthPrice[slot * 10 + 9]]).toEqual([slot, slot]);
        }
        const absent = (tokens.at(-1) ?? 0) ^ 1;
        expect(columns.slotOf(absent)).toBe(tokens.indexOf(absent));
        expect(columns.size).toBe(tokens.length);
      }),
    );
  });

  it('lists more touched slots than it first had room for', () => {
    const tokens = Array.from({ length: 300 }, (_, slot) => slot * 256 + 2);
    const frame = frameOf(tokens.map((token) => ltpPacket(token, token + 1)));
    const { touched, columns } = decode(frame, tokens);
    expect([...touched.slots.subarray(0, touched.count)]).toEqual(tokens.keys().toArray());
    expect(officialTicks(frame).map(unsigned)).toEqual(tokens.map((_, slot) => tickAt(columns, slot)));
  });
});
