import { foreignWords, isFromNetwork, isWebPage } from '../../kite/foreign-answer.ts';
import { broken, type Check, codeOf, doubtful, type Finding, failedBefore, fine, fixes, skipped } from '../check.ts';
import type { AnswerFacts } from '../probes.ts';

/** What a request to Kite's REST service came to. */
export type Reply = { readonly answer: AnswerFacts } | { readonly errorCode: string };

const LIMIT_MS = 8_000;

/** `ask`: one request for the whole examination; other checks read the same answer. */
export function answerCheck(ask: (signal: AbortSignal) => Promise<AnswerFacts>): Check {
  return {
    id: 'answer',
    title: "Kite's answer",
    limitMs: LIMIT_MS,
    lateFinding: broken(
      'Kite takes the connection and then does not answer: its service, or something on the way, is stuck.',
      'no answer in time',
      fixes.retry,
    ),
    examine: async ({ signal, earlier }) => {
      if (failedBefore(earlier, 'dns', 'tcp', 'tls') !== null) return skipped('Kite cannot be reached to be asked.');
      return readReply(await replyOf(ask(signal)));
    },
  };
}

async function replyOf(asking: Promise<AnswerFacts>): Promise<Reply> {
  try {
    return { answer: await asking };
  } catch (error) {
    return { errorCode: codeOf(error) };
  }
}

/** Whether Kite itself answered. The request carries no login: being refused in Kite's own form is as it should be. */
export function readReply(reply: Reply): Finding {
  if ('errorCode' in reply) {
    return broken(
      'Kite takes the connection and cuts it when it is asked something: its service, or a firewall on the way, is in trouble.',
      reply.errorCode,
      fixes.retry,
    );
  }
  const { status, contentType, body, elapsedMs } = reply.answer;
  const evidence = `HTTP ${status}, ${contentType.split(';')[0] || 'no type'}, ${Math.round(elapsedMs)} ms`;
  if (status === 429) {
    return broken(
      'Kite asks for fewer requests: another program uses this connection or key. The app slows down by itself.',
      evidence,
    );
  }
  if (isFromNetwork(status)) return broken(foreignWords['network-sign-in'].sentence, evidence, fixes.retry);
  if (status >= 500) {
    return broken(`Kite's servers are in trouble themselves (HTTP ${status}); the app goes on trying.`, evidence);
  }
  if (isEnvelope(contentType, body)) return fine("Kite's service is there and answers.", evidence);
  if (isWebPage(contentType, body)) return broken(foreignWords['web-page'].sentence, evidence, fixes.retry);
  return doubtful("Kite's service answers in a form it has not used before.", evidence);
}

/** Kite's envelope: `{"status":"error",…}`. The body may be cut short. */
function isEnvelope(contentType: string, body: string): boolean {
  return contentType.includes('json') && /"status"\s*:\s*"(?:error|success)"/.test(body);
}
