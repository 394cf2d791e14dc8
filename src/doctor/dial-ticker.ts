import type { Clock } from '../clock.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { SocketEnd, TickerConnector } from '../kite/ticker-events.ts';

/** Opens a ticker socket, and closes it as soon as it is open. `end`: why it did not open; null when it did. */
export function dialTicker(
  connector: TickerConnector,
  session: SessionCredentials,
  realClock: Clock,
  signal: AbortSignal,
): Promise<{ readonly end: SocketEnd | null; readonly elapsedMs: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ end: SocketEnd | null; elapsedMs: number }>();
  const startedMs = realClock.monotonic();
  const settle = (end: SocketEnd | null): void => resolve({ end, elapsedMs: realClock.monotonic() - startedMs });
  const socket = connector.connect(session, {
    open: () => {
      settle(null);
      socket.terminate('examined');
    },
    frame: () => undefined,
    heartbeat: () => undefined,
    message: () => undefined,
    end: settle,
  });
  const giveUp = (): void => {
    reject(signal.reason);
    socket.terminate('given up');
  };
  signal.addEventListener('abort', giveUp, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', giveUp));
}
