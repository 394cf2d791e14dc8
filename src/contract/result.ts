/** The outcome of a command as it crosses to an interface: no stack, no cause, nothing secret. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CommandError };

/** A refusal or failure a person can act on. */
export interface CommandError {
  /** Stable, for code: `bad-arguments`, `not-signed-in`, `token-rejected`… */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
}

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(code: string, message: string): { readonly ok: false; readonly error: CommandError } {
  return { ok: false, error: { code, message } };
}
