import type { z } from 'zod';

/** The form of what a person types in, without white space around it; the schemas and the forms share these. */
export const fieldPatterns = {
  apiKey: /^[A-Za-z0-9]{4,64}$/,
  apiSecret: /^[A-Za-z0-9]{4,128}$/,
  accessToken: /^[A-Za-z0-9_\-+/=]{8,256}$/,
} as const;

/** What a person is told of a field that cannot be what it should; fields that only programs send have no words. */
const words = {
  apiKey: 'This does not look like an API key: it has letters and digits only, usually 16.',
  apiSecret: 'This does not look like an API secret: it has letters and digits only, usually 32.',
  accessToken: 'This does not look like an access token: it has no spaces, usually 32 letters and digits.',
  redirectUrl: 'The redirect URL has to be on this PC, such as http://127.0.0.1:7414/kite/callback.',
  tokenFile: 'Enter the path of a file.',
  watchlist: 'An instrument is written as exchange and symbol, such as NSE:RELIANCE.',
} as const;

type WordedField = keyof typeof words;

/** What is wrong with what was entered, by the same rule as the desk's; null for nothing. Never quotes it. */
export function fieldProblem(field: keyof typeof fieldPatterns, value: string): string | null {
  return fieldPatterns[field].test(value.trim()) ? null : words[field];
}

/** The refusal of arguments, in words for people where people enter them. Names fields and never their values. */
export function badArguments(error: z.ZodError): string {
  const paths = error.issues.map(({ path }) => path);
  const named = paths.flatMap(([field]) => (isWorded(field) ? [words[field]] : []));
  const others = paths.flatMap((path) => (isWorded(path[0]) ? [] : [path.join('.') || 'arguments']));
  const rest = others.length === 0 ? [] : [`Not of the right form: ${[...new Set(others)].join(', ')}.`];
  return [...new Set([...named, ...rest])].join(' ');
}

function isWorded(field: PropertyKey | undefined): field is WordedField {
  return typeof field === 'string' && Object.hasOwn(words, field);
}
