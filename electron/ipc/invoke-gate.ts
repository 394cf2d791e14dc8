import { failed, type Result } from '../../src/contract/result.ts';
import { redact } from '../../src/kite/redact.ts';
import type { Log } from '../../src/log.ts';
import { type InvokeArgs, type InvokeChannel, type InvokeValues, invokeSchemas } from './channels.ts';

/** The parts of a frame that say whether it may talk to us. */
export interface SenderFrame {
  /** RFC 6454, `null` as text for an opaque one. */
  readonly origin: string;
  readonly detached: boolean;
}

/** The parts of a page. */
export interface SenderContents {
  readonly id: number;
  readonly mainFrame: SenderFrame;
  isDestroyed(): boolean;
}

/** An invocation as it arrives; `senderFrame` is null when its frame has navigated away or is gone. */
export interface InvokeEvent<Contents extends SenderContents> {
  readonly sender: Contents;
  readonly senderFrame: SenderFrame | null;
}

export type Respond<C extends InvokeChannel, Contents> = (
  sender: Contents,
  ...args: InvokeArgs<C>
) => Result<InvokeValues[C]> | Promise<Result<InvokeValues[C]>>;

type Refusal = 'unknown page' | 'no frame' | 'detached frame' | 'sub-frame' | 'foreign origin' | 'bad arguments';

/**
 * Stands before every invoke channel: only the main frame of a page that was opened for the interface, showing the
 * interface's own origin, with arguments of the declared shape, gets an answer. Each kind of refusal is logged once per
 * channel, without what was sent.
 */
export class InvokeGate<Contents extends SenderContents> {
  private readonly origin: string;
  private readonly log: Log;
  private readonly trusted = new Set<number>();
  private readonly told = new Set<string>();

  constructor(origin: string, log: Log) {
    this.origin = origin;
    this.log = log;
  }

  /** Lets a page in, by the id of its contents, until disposed. */
  trust(contentsId: number): Disposable {
    this.trusted.add(contentsId);
    return { [Symbol.dispose]: () => void this.trusted.delete(contentsId) };
  }

  /** The sender is judged before anything is awaited: a frame may be another one by then. Never rejects. */
  answer<C extends InvokeChannel>(
    channel: C,
    event: InvokeEvent<Contents>,
    args: readonly unknown[],
    respond: Respond<C, Contents>,
  ): Promise<Result<InvokeValues[C]>> {
    const refusal = this.refusalOf(event);
    if (refusal !== null) return Promise.resolve(this.refuse(channel, refusal));
    const parsed = invokeSchemas[channel].safeParse(args);
    if (!parsed.success) return Promise.resolve(this.refuse(channel, 'bad arguments'));
    // The schema is chosen by the channel; the compiler sees only the union of both.
    return this.run(channel, () => respond(event.sender, ...(parsed.data as InvokeArgs<C>)));
  }

  private refusalOf({ sender, senderFrame }: InvokeEvent<Contents>): Refusal | null {
    if (sender.isDestroyed() || !this.trusted.has(sender.id)) return 'unknown page';
    if (senderFrame === null) return 'no frame';
    if (senderFrame.detached) return 'detached frame';
    if (senderFrame !== sender.mainFrame) return 'sub-frame';
    return senderFrame.origin === this.origin ? null : 'foreign origin';
  }

  private refuse(channel: InvokeChannel, refusal: Refusal): ReturnType<typeof failed> {
    const kind = `${channel}: ${refusal}`;
    if (!this.told.has(kind)) {
      this.told.add(kind);
      this.log('warning', 'app', `A message to the app was refused (${kind}).`);
    }
    return refusal === 'bad arguments'
      ? failed('bad-arguments', 'The request was not understood.')
      : failed('refused', 'The request was refused.');
  }

  private async run<C extends InvokeChannel>(
    channel: C,
    respond: () => Result<InvokeValues[C]> | Promise<Result<InvokeValues[C]>>,
  ): Promise<Result<InvokeValues[C]>> {
    try {
      return await respond();
    } catch (error) {
      const reason = error instanceof Error ? redact(error.message) : 'unknown error';
      this.log('error', 'app', `A request of the window failed (${channel}): ${reason}`);
      return failed('internal', 'That did not work; the activity log says why.');
    }
  }
}
