/**
 * What this run of the stand-in keeps from the app (`STAND_IN_UNTOLD`, names with commas between): navigation events, and
 * `onBeforeRequest`. Fences that stand behind one another are seen to hold one by one.
 */
const untold: ReadonlySet<string> = new Set((process.env.STAND_IN_UNTOLD ?? '').split(','));

export function isTold(name: string): boolean {
  return !untold.has(name);
}
