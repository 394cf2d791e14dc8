import type { Clock } from '../clock.ts';
import { isPassing, suspectFrom, type TokenFacts } from './auth-machine.ts';
import { validationDelay } from './validation-pace.ts';

/** What is done when its time has come. */
export interface AuthAppointments {
  /** The token's deadline has passed. */
  deadline(): void;
  /** Kite is to be asked about the token again. */
  validation(): void;
}

/** What the next question to Kite depends on. */
export interface ValidationNeed {
  /** The day needs the login proven. */
  readonly isNeeded: boolean;
  /** Whether Kite is to be asked at all; it is not while a question is out, and not of a token it has refused. */
  readonly isOpen: boolean;
}

/**
 * When the login is looked at next: at its deadline, at the next regular question, and when a token that has to wait has
 * its turn. One appointment of each kind; a new one takes the place of the last.
 */
export class AuthTimetable implements Disposable {
  private readonly clock: Clock;
  /** Uniform in [0, 1), for jitter. */
  private readonly random: () => number;
  private readonly appointments: AuthAppointments;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private deadline: Disposable | null = null;
  private validation: Disposable | null = null;
  private candidate: Disposable | null = null;

  constructor(clock: Clock, random: () => number, appointments: AuthAppointments) {
    this.clock = clock;
    this.random = random;
    this.appointments = appointments;
  }

  /** Kite has been asked, or has just told, about the token in force. */
  asked(): void {
    this.askedAtMs = this.clock.monotonic();
  }

  setDeadline(token: TokenFacts | null): void {
    this.deadline?.[Symbol.dispose]();
    const waitMs = token === null ? 0 : suspectFrom(token) - this.clock.now();
    this.deadline = waitMs > 0 ? this.clock.setTimeout(() => this.appointments.deadline(), waitMs) : null;
  }

  setValidation(token: TokenFacts | null, { isNeeded, isOpen }: ValidationNeed): void {
    this.validation?.[Symbol.dispose]();
    this.validation = null;
    if (token === null || !isOpen) return;
    const code = token.lastFailure?.code ?? null;
    const pace = { rateLimited: code === 'rate-limited', passing: code !== null && isPassing(code) };
    const delayMs = validationDelay({ needed: isNeeded, failures: token.failures, ...pace }, this.random());
    const waitMs = this.askedAtMs + delayMs - this.clock.monotonic();
    this.validation = this.clock.setTimeout(() => this.appointments.validation(), Math.max(0, waitMs));
  }

  /** Waiting tokens are asked about again; `tries`: how often they have been. */
  setCandidate(tries: number, retry: () => void, passing = false): void {
    this.dropCandidate();
    const delayMs = validationDelay({ needed: true, failures: tries, rateLimited: false, passing }, this.random());
    this.candidate = this.clock.setTimeout(retry, delayMs);
  }

  dropCandidate(): void {
    this.candidate?.[Symbol.dispose]();
    this.candidate = null;
  }

  [Symbol.dispose](): void {
    this.deadline?.[Symbol.dispose]();
    this.validation?.[Symbol.dispose]();
    this.dropCandidate();
  }
}
