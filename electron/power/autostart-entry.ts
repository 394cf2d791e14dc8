/**
 * A `.desktop` file for `~/.config/autostart` (https://specifications.freedesktop.org/autostart-spec). `command`: the
 * program and its arguments, each one word of the command line.
 */
export function autostartEntry(name: string, command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${name}`,
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/**
 * One argument as the Exec key wants it: in double quotes with ", `, $ and \ escaped, percent signs doubled, and then once
 * more escaped as a string value (https://specifications.freedesktop.org/desktop-entry-spec).
 */
function quoted(argument: string): string {
  const shellQuoted = argument.replaceAll(/(["`$\\])/g, '\\$1').replaceAll('%', '%%');
  const value = shellQuoted.replaceAll('\\', '\\\\');
  // A path with a line break in it must not become a line of its own.
  return `"${value.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}
