/**
 * The environment for a program the app starts: without the app's own variables, some of which are secrets. `extra` is
 * what that program is told besides.
 */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own.filter(([name]) => !/^MDTS_/i.test(name))), ...extra };
}
