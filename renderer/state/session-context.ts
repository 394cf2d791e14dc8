import { createContext, useCallback, useContext, useEffect, useSyncExternalStore } from 'react';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Result } from '../../src/contract/result.ts';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';
import type { CandleDay } from './candle-book.ts';
import type { DeskSession } from './desk-session.ts';
import type { Listed } from './instruments.ts';
import type { InterestPart } from './interest.ts';
import { useUi } from './ui-store.ts';

export const SessionContext = createContext<DeskSession | null>(null);

export function useSession(): DeskSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('no desk session above this component');
  return session;
}

/** Market time in ms since the epoch, renewed every market second. */
export function useNow(): number {
  const { clock } = useSession();
  return useSyncExternalStore(clock.subscribe, clock.atBeat);
}

/** Keeps ticks of these slots coming while the component is mounted. */
export function useInterest(part: InterestPart, slots: readonly number[]): void {
  const { interest } = useSession();
  const list = slots.join();
  useEffect(() => {
    const shown = interest.show(part, list === '' ? [] : list.split(',').map(Number));
    return () => shown[Symbol.dispose]();
  }, [interest, part, list]);
}

/** The last quote of a slot (-1: none), renewed at most once a frame; asks the desk for its ticks. */
export function useQuote(slot: number): QuoteRow | undefined {
  const { quotes } = useSession();
  useInterest('slots', slot < 0 ? [] : [slot]);
  return useSyncExternalStore(
    useCallback((listener: () => void) => quotes.subscribe(slot, listener), [quotes, slot]),
    () => quotes.get(slot),
  );
}

/** Whether market time has come to an instant (ms); renders only when that changes. */
export function useHasCome(instantMs: number): boolean {
  const { clock } = useSession();
  return useSyncExternalStore(clock.subscribe, () => clock.atBeat() >= instantMs);
}

/**
 * One day of candles of an instrument; asked for when it is the first to look. Rows of the current day (`date` null) come
 * while the instrument is in the interest for candles: see `useLiveCandles`.
 */
export function useCandles(key: string, date: string | null): CandleDay {
  const { candles } = useSession();
  return useSyncExternalStore(
    useCallback((listener: () => void) => candles.subscribe(key, date, listener), [candles, key, date]),
    () => candles.day(key, date),
  );
}

/** The current day's candles of an instrument, kept up to date while the component is mounted. */
export function useLiveCandles({ key, slot }: Pick<Listed, 'key' | 'slot'>): CandleDay {
  useInterest('candles', [slot]);
  return useCandles(key, null);
}

/** Sends a command. A failure is returned, and shown in the banner unless the caller says it shows it itself. */
export function useCommand(): <N extends CommandName>(
  name: N,
  args: CommandArgs<N>,
  failure?: 'banner' | 'own',
) => Promise<Result<CommandValue<N>>> {
  const { bridge } = useSession();
  return useCallback(
    async (name, args, failure = 'banner') => {
      const result = await bridge.invoke(name, args);
      if (!result.ok && failure === 'banner') useUi.setState({ commandError: result.error });
      return result;
    },
    [bridge],
  );
}
