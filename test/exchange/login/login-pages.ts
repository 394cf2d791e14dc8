/** The login pages: plain forms, one style sheet, no script. Everything shown is escaped. */

/** Where the style sheet is served. */
export const STYLE_PATH = '/connect/login.css';

export const style = `
:root { color-scheme: light dark; --edge: #c9ced6; --soft: #5b6470; --accent: #2454c6; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --edge: #3c434d; --soft: #9aa4b2; --accent: #86a8ff; --wrong: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; background: Canvas; color: CanvasText; }
main { width: min(360px, 100%); border: 1px solid var(--edge); border-radius: 12px; padding: 28px; }
.simulated { margin: -28px -28px 22px; padding: 8px 28px; border-radius: 12px 12px 0 0; text-align: center;
  font-weight: 700; letter-spacing: .08em; background: #ffd54a; color: #3a2d00; }
h1 { font-size: 19px; margin: 0 0 4px; }
p { margin: 0 0 16px; color: var(--soft); }
label { display: block; margin: 0 0 14px; font-size: 13px; color: var(--soft); }
input { display: block; width: 100%; margin-top: 4px; padding: 9px 11px; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--edge); border-radius: 8px; }
button { width: 100%; padding: 10px; font: inherit; font-weight: 600; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: Canvas; }
button.second { margin-top: 10px; background: transparent; color: var(--accent); }
input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wrong { color: var(--wrong); font-weight: 600; }
code { font-size: 17px; letter-spacing: .12em; color: CanvasText; }
`;

/** What the first page has in its fields. */
export interface Prefilled {
  readonly userId: string;
  readonly password: string;
}

/** First page: who is it? A simulated user is filled in, and the page says so. */
export function passwordPage(loginId: string, filled: Prefilled, problem: string | null): string {
  return page(
    'Log in',
    `<h1>Log in to the simulated exchange</h1>
<p>Nothing here reaches a real broker. The simulated user ${escaped(filled.userId)} is filled in: press Log in. Do not enter a real password.</p>
${warning(problem)}
<form method="post">
${hidden('login_id', loginId)}${hidden('step', 'password')}
<label>User ID<input name="user_id" value="${escaped(filled.userId)}" autocomplete="off" required></label>
<label>Password<input name="password" type="password" value="${escaped(filled.password)}" autocomplete="off" required></label>
<button autofocus>Log in</button>
</form>`,
  );
}

/** Second page: the one-time code, which a simulation may show. */
export function totpPage(loginId: string, code: string, problem: string | null): string {
  return page(
    'One-time code',
    `<h1>One-time code</h1>
<p>A real login asks your authenticator app. In this simulation the code <code id="totp">${escaped(code)}</code> is filled in: press Continue.</p>
${warning(problem)}
<form method="post">
${hidden('login_id', loginId)}${hidden('step', 'totp')}
<label>Six-digit code<input name="totp" inputmode="numeric" maxlength="6" value="${escaped(code)}" autocomplete="off" required></label>
<button autofocus>Continue</button>
</form>`,
  );
}

/** Third page: may the app have a session? */
export function authorisePage(loginId: string, name: string): string {
  return page(
    'Authorise',
    `<h1>Authorise the app</h1>
<p>Logged in as ${escaped(name)}. The app asks for a session until tomorrow 06:00 IST.</p>
<form method="post">
${hidden('login_id', loginId)}${hidden('step', 'authorise')}
<button name="decision" value="authorise">Authorise</button>
<button name="decision" value="cancel" class="second">Cancel</button>
</form>`,
  );
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} (simulated)</title><link rel="stylesheet" href="${STYLE_PATH}"></head>
<body><main><div class="simulated">SIMULATED</div>
${content}
</main></body></html>`;
}

function warning(problem: string | null): string {
  return problem === null ? '' : `<p class="wrong" role="alert">${escaped(problem)}</p>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
