import type { z } from 'zod';
import { type CommandName, type CommandValue, commandSchemas } from '../contract/commands.ts';
import { badArguments } from '../contract/field-words.ts';
import { failed, type Result } from '../contract/result.ts';

type Output<N extends CommandName> = z.output<(typeof commandSchemas)[N]>;

/** One handler a command; arguments have passed the command's schema. */
export type CommandHandlers = {
  readonly [N in CommandName]: (args: Output<N>) => Promise<Result<CommandValue<N>>> | Result<CommandValue<N>>;
};

/**
 * Runs a command that came from outside. Unknown names and arguments of the wrong form are refused by value, and so is
 * anything a handler throws: nothing but a sentence crosses to the interface.
 */
export async function runCommand(
  handlers: CommandHandlers,
  name: unknown,
  args: unknown,
  report: (text: string) => void,
): Promise<Result<unknown>> {
  if (!isCommandName(name)) return failed('unknown-command', 'There is no such command.');
  const parsed = commandSchemas[name].safeParse(args);
  if (!parsed.success) return failed('bad-arguments', badArguments(parsed.error));
  try {
    const handle = handlers[name] as (args: unknown) => Promise<Result<unknown>> | Result<unknown>;
    return await handle(parsed.data);
  } catch (error) {
    report(`The command ${name} failed: ${error instanceof Error ? error.message : 'unknown error'}`);
    return failed('internal', 'That did not work, for a reason of our own; the activity log says more.');
  }
}

function isCommandName(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(commandSchemas, name);
}
