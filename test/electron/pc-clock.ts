/**
 * The wall clock of the PC the app runs on. `STAND_IN_CLOCK` (an instant in ISO 8601) sets it at start. While the PC
 * sleeps only wall time passes: monotonic time and timers stand still, as they do on Linux and macOS.
 */
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
const { STAND_IN_CLOCK: wanted } = process.env;
let offsetMs = wanted === undefined ? 0 : RealDate.parse(wanted) - realNow();

if (wanted !== undefined) {
  RealDate.now = () => realNow() + offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now()] : args, newTarget),
  });
}

/** The PC was asleep for so long. Only where its clock was set at start. */
export function sleepPc(forMs: number): void {
  if (wanted === undefined) throw new Error("the PC's clock is the real one: STAND_IN_CLOCK was not given");
  offsetMs += forMs;
}
