/** Runs in the page, before its own scripts: it must not use anything from outside itself. */

/** One painted frame: when its newest tick came to the desk and to the page, and when it was painted. Ms since the epoch. */
export interface PaintSample {
  readonly receivedMs: number;
  readonly arrivedMs: number;
  readonly paintedMs: number;
}

declare global {
  interface Window {
    paintSamples: PaintSample[];
    /** Batches left out because their newest tick was older than a second: a real delay, or a row sent again without one. */
    oldBatches: number;
  }
}

/**
 * Notes for each batch of ticks when the frame that shows it has been painted. `spec`: market time against real time.
 * The layout of a batch is that of the contract's tick lane.
 */
export function watchPaints(spec: {
  readonly marketMs: number;
  readonly speed: number;
  readonly realMs: number;
}): void {
  const headerBytes = 24;
  const quoteBytes = 112;
  const receivedAtByte = 104;
  const depthBytes = 160;
  const depthFlag = 2;
  const samples: PaintSample[] = [];
  window.paintSamples = samples;
  window.oldBatches = 0;

  const now = (): number => performance.timeOrigin + performance.now();
  let changes = 0;
  const painted = new MessageChannel();
  let waiting: { receivedMs: number; arrivedMs: number; changes: number }[] = [];

  new MutationObserver(() => {
    changes++;
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

  painted.port1.onmessage = () => {
    const paintedMs = now();
    for (const { receivedMs, arrivedMs, changes: before } of waiting) {
      if (changes > before) samples.push({ receivedMs, arrivedMs, paintedMs });
    }
    waiting = [];
  };

  function note(buffer: ArrayBuffer): void {
    const view = new DataView(buffer);
    let newest = 0;
    let at = headerBytes;
    for (let left = view.getUint32(8, true); left > 0; left--) {
      newest = Math.max(newest, view.getFloat64(at + receivedAtByte, true));
      at += quoteBytes + ((view.getUint8(at + 5) & depthFlag) === 0 ? 0 : depthBytes);
    }
    const arrivedMs = now();
    const receivedMs = spec.realMs + (newest - spec.marketMs) / spec.speed;
    // A row whose kind or staleness changed is sent again with its old tick. Counted, because a real delay looks the same.
    if (arrivedMs - receivedMs > 1_000) {
      window.oldBatches++;
      return;
    }
    waiting.push({ receivedMs, arrivedMs, changes });
    // Asked for in the same task as the page's own frame: both run before the same paint, the message after it.
    requestAnimationFrame(() => painted.port2.postMessage(null));
  }

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) note(data);
      });
    }
  };
}
