/** What held up this process's main thread for how long. */
export interface BlockWatch {
  /** The longest since the last call; ms. `cpuMs`: of the thread's own processor time, whatever else the PC was doing. */
  take(): { readonly cpuMs: number; readonly wallMs: number; readonly turns: number };
}

/** How often the event loop is looked at; ms. */
const LOOK_EVERY_MS = 1;

/**
 * Measures each turn of the event loop: from one look to the next nothing but one turn's work has run. The looks cost
 * little, and nothing while the loop is busy.
 */
export function watchBlocks(): BlockWatch {
  let longest = { cpuMs: 0, wallMs: 0, turns: 0 };
  let before = { cpuMs: threadCpuMs(), wallMs: performance.now() };
  setInterval(() => {
    const now = { cpuMs: threadCpuMs(), wallMs: performance.now() };
    longest = {
      cpuMs: Math.max(longest.cpuMs, now.cpuMs - before.cpuMs),
      wallMs: Math.max(longest.wallMs, now.wallMs - before.wallMs - LOOK_EVERY_MS),
      turns: longest.turns + 1,
    };
    before = now;
  }, LOOK_EVERY_MS);
  return {
    take: () => {
      const taken = longest;
      longest = { cpuMs: 0, wallMs: 0, turns: 0 };
      return taken;
    },
  };
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
