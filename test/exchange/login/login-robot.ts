import type { ExchangeUser } from '../sessions.ts';

/** A page of the login that is not the one expected; the message holds no secret. */
export class LoginRobotError extends Error {
  readonly code = 'login-robot';
}

/**
 * Walks through the login pages as a person would and returns where the login redirects to, without following it. Takes
 * the one-time code from the page.
 */
export async function logInAs(
  user: Pick<ExchangeUser, 'userId' | 'password'>,
  loginUrl: string,
  decision: 'authorise' | 'cancel' = 'authorise',
): Promise<string> {
  const first = await pageOf(await fetch(loginUrl, { redirect: 'manual' }));
  const submit = (page: string, fields: Record<string, string>): Promise<Response> =>
    fetch(loginUrl, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        login_id: hiddenField(page, 'login_id'),
        step: hiddenField(page, 'step'),
        ...fields,
      }),
    });
  const second = await pageOf(await submit(first, { user_id: user.userId, password: user.password }));
  const code = /<code id="totp">(\d{6})<\/code>/.exec(second)?.[1];
  if (code === undefined) throw new LoginRobotError('the user ID or password was not accepted');
  const third = await pageOf(await submit(second, { totp: code }));
  const answer = await submit(third, { decision });
  const location = answer.headers.get('location');
  if (location === null) throw new LoginRobotError(`the login ended with HTTP ${answer.status} instead of a redirect`);
  return location;
}

async function pageOf(answer: Response): Promise<string> {
  if (answer.status !== 200) throw new LoginRobotError(`the login page answered HTTP ${answer.status}`);
  return answer.text();
}

function hiddenField(page: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1];
  if (value === undefined) throw new LoginRobotError(`the login page has no field "${name}"`);
  return value;
}
