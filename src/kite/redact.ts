/**
 * Takes secrets out of text that is about to be logged or shown. Two nets: the shapes in which Kite's secrets travel,
 * and the exact secrets of this run wherever they stand.
 */

const MASK = '***';

/** Parameter and field names whose values are secret, in URLs, forms, JSON and headers alike. */
const SECRET_NAMES = '(?:access|request|refresh|public|enc)_?token|api_?secret|checksum';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s*[:=]\s*["']?)[^"'\r\n,}]+/gi, `$1${MASK}`],
  [/\b(token\s+)\w+:[\w\-+/=%]+/gi, `$1${MASK}`],
  [/\b(bearer\s+)[\w\-.+/=%]+/gi, `$1${MASK}`],
  [new RegExp(`\\b((?:${SECRET_NAMES})["'\`]?\\s*(?:=|:|%3D)\\s*["'\`]?)[^\\s"'\`&,;<>)}]+`, 'gi'), `$1${MASK}`],
];

/** `text` without the values of Kite's secret parameters, fields and headers. */
export function redact(text: string): string {
  return patterns.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/** Shorter values would blank out ordinary words. */
const SHORTEST_SECRET = 4;

/** Knows the secrets of this run and takes them out of any text, however they are wrapped. */
export class Redactor {
  /** Every spelling of each live secret, with how often it was registered. */
  private readonly spellings = new Map<string, number>();

  /** Redacts `secret` from now on, until the returned handle is disposed. */
  register(secret: string): Disposable {
    const spellings = secret.length < SHORTEST_SECRET ? [] : spellingsOf(secret);
    for (const spelling of spellings) this.spellings.set(spelling, (this.spellings.get(spelling) ?? 0) + 1);
    let live = true;
    return {
      [Symbol.dispose]: () => {
        if (!live) return;
        live = false;
        for (const spelling of spellings) this.release(spelling);
      },
    };
  }

  redact(text: string): string {
    const longestFirst = [...this.spellings.keys()].sort((a, b) => b.length - a.length);
    return redact(longestFirst.reduce((clean, spelling) => clean.replaceAll(spelling, MASK), text));
  }

  private release(spelling: string): void {
    const count = this.spellings.get(spelling) ?? 0;
    if (count > 1) this.spellings.set(spelling, count - 1);
    else this.spellings.delete(spelling);
  }
}

/** `text` without these secrets and without any that its shape gives away. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.register(secret);
  return redactor.redact(text);
}

function spellingsOf(secret: string): string[] {
  return [...new Set([secret, encodeURIComponent(secret)])];
}
