import type { Page } from '@playwright/test';
import type { DeskBridge } from '../../src/contract/bridge.ts';
import type { CommandArgs, CommandName, CommandValue } from '../../src/contract/commands.ts';
import type { Result } from '../../src/contract/result.ts';

declare const desk: DeskBridge;

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
