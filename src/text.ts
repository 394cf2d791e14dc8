/** C0 and C1 controls, and the marks that turn the direction of text or cannot be seen (Unicode's Bidi_Control and others). */
const CONTROLS = String.raw`[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]`;
const SOME_CONTROL = new RegExp(CONTROLS);
const CONTROL_RUNS = new RegExp(`${CONTROLS}+`, 'g');
const ALL_CONTROLS = new RegExp(CONTROLS, 'g');

/** `text` without characters that a terminal obeys or that make text read as something else; most has none. */
export function withoutControls(text: string): string {
  return SOME_CONTROL.test(text) ? text.replace(ALL_CONTROLS, '') : text;
}

/** One line of at most `longest` characters that means what it shows: each run of controls becomes a space. */
export function plainText(text: string, longest: number): string {
  // Cut first: what comes from outside may be millions of characters long.
  const clean = text
    .slice(0, longest * 2)
    .replace(CONTROL_RUNS, ' ')
    .trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`;
}
