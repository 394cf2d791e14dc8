import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/overlays.css';
import './styles/prices.css';
import './styles/window.css';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { chooseBridge } from './bridge/desk-bridge.ts';
import { pageTime } from './state/desk-clock.ts';
import { startDeskSession } from './state/desk-session.ts';
import type { Painting } from './state/quotes.ts';
import { SessionContext } from './state/session-context.ts';

const painting: Painting = {
  before: (paint) => requestAnimationFrame(paint),
  // A message to oneself is handled after the frame it was sent in has been painted.
  after: (tell) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      tell();
    };
    port2.postMessage(null);
  },
};
const session = startDeskSession(await chooseBridge(window, pageTime), pageTime, painting);

const tellVisibility = (): void => session.interest.setHidden(document.hidden);
document.addEventListener('visibilitychange', tellVisibility);
tellVisibility();

// The chart measures its labels once: in the font they will be written in. Without it the page goes on in the system's.
await document.fonts.load('12px "Inter Variable"').catch(() => []);

const host = document.getElementById('root');
if (host === null) throw new Error('the page has no root element');
createRoot(host).render(
  <StrictMode>
    {/* The content security policy allows no inline style elements. */}
    <CSPProvider disableStyleElements>
      <SessionContext value={session}>
        <App />
      </SessionContext>
    </CSPProvider>
  </StrictMode>,
);
