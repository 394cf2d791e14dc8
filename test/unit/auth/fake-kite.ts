import { KiteError, type KiteErrorCode } from '../../../src/kite/errors.ts';
import type { KiteProfile, KiteRest, KiteSession } from '../../../src/kite/session.ts';

type Answer = 'ok' | KiteErrorCode;

/** Kite's REST as far as the login needs it: answers are scripted by token, and every question is counted. */
export class FakeKite implements KiteRest {
  readonly user: KiteProfile = { userId: 'AB1234', userName: 'Asha Trader' };
  readonly asked: string[] = [];
  readonly ended: string[] = [];
  /** Tokens it has answered no about. */
  readonly refused = new Set<string>();
  /** Questions that have no answer yet, now and at most. */
  outstanding = 0;
  mostOutstanding = 0;
  /** What a profile question about this token is answered with. */
  answers = new Map<string, Answer>();
  /** What it is answered with when no token is named. */
  answer: Answer = 'ok';
  /** While set, answers wait for it. */
  gate: Promise<void> | null = null;
  exchange: (requestToken: string) => Promise<KiteSession> = async () => {
    throw new KiteError('token-rejected', 'Token is invalid or has expired.', { status: 403 });
  };

  async profile({ accessToken }: { readonly accessToken: string }): Promise<KiteProfile> {
    this.asked.push(accessToken);
    this.outstanding++;
    this.mostOutstanding = Math.max(this.mostOutstanding, this.outstanding);
    const answer = this.answers.get(accessToken) ?? this.answer;
    await this.gate;
    this.outstanding--;
    if (answer === 'token-rejected' || answer === 'credentials-invalid') this.refused.add(accessToken);
    if (answer !== 'ok') throw new KiteError(answer, `scripted ${answer}`);
    return this.user;
  }

  createSession(_credentials: unknown, requestToken: string): Promise<KiteSession> {
    return this.exchange(requestToken);
  }

  async endSession({ accessToken }: { readonly accessToken: string }): Promise<void> {
    this.ended.push(accessToken);
    if (this.answer === 'network') throw new KiteError('network', 'scripted network');
  }

  async quotes(): Promise<never> {
    throw new Error('not part of a login');
  }

  async instruments(): Promise<never> {
    throw new Error('not part of a login');
  }

  async candles(): Promise<never> {
    throw new Error('not part of a login');
  }
}
