import { createHash } from 'node:crypto';
import type { Clock } from '../../../src/clock.ts';
import { type Answer, failure, invalidInput } from '../rest/responses.ts';
import type { ExchangeUser, Sessions } from '../sessions.ts';
import { authorisePage, type Prefilled, passwordPage, style, totpPage } from './login-pages.ts';
import { isTotpCode, totpCode } from './totp.ts';

/** One login under way. */
interface Login {
  readonly redirectParams: string;
  readonly user: ExchangeUser | null;
  /** The code last shown: it stays good, however fast market time runs. */
  readonly shownCode: string | null;
  readonly isProved: boolean;
}

export interface LoginFlowParts {
  readonly clock: Clock;
  readonly apiKey: string;
  readonly users: readonly ExchangeUser[];
  readonly sessions: Sessions;
  readonly redirectUrl: () => string;
  readonly seed: number;
}

/** Logins kept under way at once; older ones have to start again. */
const LOGINS_KEPT = 100;

/** The three pages of a login and its redirect: `/connect/login`. */
export class LoginFlow {
  private readonly parts: LoginFlowParts;
  private readonly logins = new Map<string, Login>();
  private serial = 0;

  constructor(parts: LoginFlowParts) {
    this.parts = parts;
  }

  /** `GET /connect/login?v=3&api_key=…&redirect_params=…` */
  start(query: URLSearchParams): Answer {
    if (query.get('v') !== '3') return invalidInput('Invalid or missing `v`.');
    if (query.get('api_key') !== this.parts.apiKey) return invalidInput('Invalid `api_key`.');
    const id = this.newId();
    const redirectParams = query.get('redirect_params') ?? '';
    this.keep(id, { redirectParams, user: null, shownCode: null, isProved: false });
    return this.show(passwordPage(id, this.filled(this.parts.users[0]), null));
  }

  /** `POST /connect/login`: the form of whichever page was shown. */
  submit(form: URLSearchParams): Answer {
    const id = form.get('login_id') ?? '';
    const login = this.logins.get(id);
    if (login === undefined) return invalidInput('This login has ended. Start again.');
    switch (form.get('step')) {
      case 'password':
        return this.password(id, login, form);
      case 'totp':
        return this.totp(id, login, form.get('totp') ?? '');
      case 'authorise':
        return this.decide(id, login, form.get('decision') ?? '');
      default:
        return invalidInput('Invalid `step`.');
    }
  }

  private filled(user: ExchangeUser | undefined): Prefilled {
    return { userId: user?.userId ?? '', password: user?.password ?? '' };
  }

  style(): Answer {
    return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: style };
  }

  private password(id: string, login: Login, form: URLSearchParams): Answer {
    const userId = (form.get('user_id') ?? '').trim().toUpperCase();
    const user = this.parts.users.find((candidate) => candidate.userId === userId);
    if (user === undefined || user.password !== form.get('password')) {
      return this.show(passwordPage(id, this.filled(user ?? this.parts.users[0]), 'Invalid user ID or password.'));
    }
    return this.showTotp(id, { ...login, user }, null);
  }

  private totp(id: string, login: Login, code: string): Answer {
    const { user, shownCode } = login;
    if (user === null) return invalidInput('Log in first.');
    const isRight = code === shownCode || isTotpCode(user.totpSecret, code, this.parts.clock.now());
    if (!isRight) return this.showTotp(id, login, 'Invalid one-time code.');
    if (user.enabled === false) {
      this.logins.delete(id);
      return failure(403, 'ForbiddenError', 'The user is not enabled on the app.');
    }
    this.keep(id, { ...login, isProved: true });
    return this.show(authorisePage(id, user.name));
  }

  private decide(id: string, { user, isProved, redirectParams }: Login, decision: string): Answer {
    if (user === null || !isProved) return invalidInput('Log in first.');
    if (decision !== 'authorise' && decision !== 'cancel') return invalidInput('Invalid `decision`.');
    this.logins.delete(id);
    const target = new URL(this.parts.redirectUrl());
    if (decision === 'cancel') {
      // Kite sends a refusal back without the app's own parameters.
      target.searchParams.set('status', 'cancelled');
      return redirect(target);
    }
    target.searchParams.set('action', 'login');
    target.searchParams.set('type', 'login');
    target.searchParams.set('status', 'success');
    target.searchParams.set('request_token', this.parts.sessions.mintRequestToken(user));
    for (const [name, value] of new URLSearchParams(redirectParams)) target.searchParams.append(name, value);
    return redirect(target);
  }

  private showTotp(id: string, login: Login, problem: string | null): Answer {
    const code = login.user === null ? '' : totpCode(login.user.totpSecret, this.parts.clock.now());
    this.keep(id, { ...login, shownCode: code });
    return this.show(totpPage(id, code, problem));
  }

  private show(body: string): Answer {
    const { origin, protocol } = new URL(this.parts.redirectUrl());
    // A form's redirect counts as its target, so the app's own address has to be allowed.
    const target = protocol === 'http:' || protocol === 'https:' ? origin : protocol;
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${target}; base-uri 'none'`,
      },
      body,
    };
  }

  private keep(id: string, login: Login): void {
    this.logins.set(id, login);
    for (const oldest of this.logins.keys()) {
      if (this.logins.size <= LOGINS_KEPT) return;
      this.logins.delete(oldest);
    }
  }

  private newId(): string {
    const text = `${this.parts.seed}:login:${this.serial++}:${this.parts.clock.now()}`;
    return createHash('sha256').update(text).digest('hex').slice(0, 24);
  }
}

function redirect(target: URL): Answer {
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' }, body: '' };
}
