import { createHash } from 'node:crypto';
import type { ExchangeApp, ExchangeSession, ExchangeUser, Sessions } from '../sessions.ts';
import { istText } from './ist-text.ts';
import { type Answer, failure, invalidInput, success } from './responses.ts';

/** What every simulated account may trade; Kite sends it with the profile. */
const account = {
  user_type: 'individual',
  broker: 'ZERODHA',
  exchanges: ['NSE', 'BSE', 'NFO', 'BFO'],
  products: ['CNC', 'NRML', 'MIS'],
  order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
  avatar_url: null,
  meta: { demat_consent: 'physical' },
} as const;

/** `POST /session/token` */
export function createSession(app: ExchangeApp, sessions: Sessions, form: URLSearchParams): Answer {
  for (const field of ['api_key', 'request_token', 'checksum']) {
    if (!form.get(field)) return invalidInput(`Missing or empty field \`${field}\``);
  }
  if (form.get('api_key') !== app.apiKey) return invalidInput('Invalid `api_key`.');
  const result = sessions.exchange(form.get('request_token') ?? '', form.get('checksum') ?? '');
  if (result.ok) return success(sessionData(app, result.session));
  return result.reason === 'checksum'
    ? failure(403, 'TokenException', 'Invalid `checksum`.')
    : failure(403, 'TokenException', 'Token is invalid or has expired.');
}

/** `DELETE /session/token?api_key=…&access_token=…` */
export function endSession(app: ExchangeApp, sessions: Sessions, query: URLSearchParams): Answer {
  const accessToken = query.get('access_token');
  if (!query.get('api_key') || !accessToken) return invalidInput('Invalid `api_key` or `access_token`.');
  const isOurs = query.get('api_key') === app.apiKey && sessions.find(accessToken) !== null;
  if (!isOurs) return failure(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
  sessions.end(accessToken);
  return success(true);
}

/** `GET /user/profile` */
export function profile({ user }: ExchangeSession): Answer {
  return success({ ...personOf(user), ...account });
}

/** There is no expiry in Kite's answer, and the refresh token of an individual is empty. */
function sessionData(app: ExchangeApp, session: ExchangeSession): object {
  const derived = (purpose: string): string =>
    createHash('sha256').update(`${purpose}:${session.accessToken}`).digest('hex').slice(0, 32);
  return {
    ...personOf(session.user),
    ...account,
    api_key: app.apiKey,
    access_token: session.accessToken,
    public_token: derived('public'),
    enctoken: derived('enc'),
    refresh_token: '',
    silo: '',
    login_time: istText(session.mintedAtMs),
  };
}

function personOf({ userId, name }: ExchangeUser): object {
  return {
    user_id: userId,
    user_name: name,
    user_shortname: name.split(' ')[0] ?? name,
    email: `${userId.toLowerCase()}@example.com`,
  };
}
