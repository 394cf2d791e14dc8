import type { Page } from '@playwright/test';
import type { DeskBridge } from '../../src/contract/bridge.ts';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Result } from '../../src/contract/result.ts';
import type { DeskState } from '../../src/contract/state.ts';

declare const desk: DeskBridge;

/** The whole state of the desk, as the page is given it. */
export function stateOf(page: Page): Promise<DeskState> {
  return page.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<DeskState>();
    const stop = desk.onState((message) => {
      if (message.type === 'snapshot') resolve(message.state);
    });
    return promise.finally(stop);
  });
}

/** A command of the desk, sent by the page over its own bridge. Throws what it fails with. */
export async function command<N extends CommandName>(
  page: Page,
  name: N,
  args: CommandArgs<N>,
): Promise<CommandValue<N>> {
  const result = (await page.evaluate(([given, value]) => desk.invoke(given, value as never), [
    name,
    args,
  ] as const)) as Result<CommandValue<N>>;
  if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
  return result.value;
}

/** Texts of the activity log, oldest first. */
export async function activityOf(page: Page): Promise<readonly string[]> {
  return (await stateOf(page)).activity.map(({ text }) => text);
}
