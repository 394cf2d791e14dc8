import { expect, test } from 'vitest';
import { InvokeGate, type SenderContents, type SenderFrame } from '../../../electron/ipc/invoke-gate.ts';
import { ok } from '../../../src/contract/result.ts';

const ORIGIN = 'app://main';
const SECRET = 'access_token=abcdefghijkl';

interface Page extends SenderContents {
  mainFrame: SenderFrame;
}

function page(changes: Partial<{ id: number; destroyed: boolean; frame: Partial<SenderFrame> }> = {}): Page {
  return {
    id: changes.id ?? 1,
    mainFrame: { origin: ORIGIN, detached: false, ...changes.frame },
    isDestroyed: () => changes.destroyed ?? false,
  };
}

function openGate() {
  const lines: string[] = [];
  const gate = new InvokeGate<Page>(ORIGIN, (_level, _area, text) => lines.push(text));
  const trust = gate.trust(1);
  return { gate, trust, lines };
}

test('the main frame of a trusted page at its own origin is answered', async () => {
  const { gate, lines } = openGate();
  const sender = page();
  const event = { sender, senderFrame: sender.mainFrame };
  const answer = gate.answer('shell:open-external', event, ['https://kite.trade/'], (from, url) => {
    expect([from, url]).toEqual([sender, 'https://kite.trade/']);
    return ok(null);
  });
  expect(await answer).toEqual(ok(null));
  expect(lines).toEqual([]);
});

const foreign = page({ frame: { origin: 'https://kite.zerodha.com' } });
const detached = page({ frame: { detached: true } });
const plain = page();
test.each([
  ['an unknown page', { sender: page({ id: 2 }), senderFrame: plain.mainFrame }, 'unknown page'],
  ['a destroyed page', { sender: page({ destroyed: true }), senderFrame: plain.mainFrame }, 'unknown page'],
  ['a frame that is gone', { sender: plain, senderFrame: null }, 'no frame'],
  ['a detached frame', { sender: detached, senderFrame: detached.mainFrame }, 'detached frame'],
  ['a sub-frame of the same origin', { sender: plain, senderFrame: { origin: ORIGIN, detached: false } }, 'sub-frame'],
  ['another origin', { sender: foreign, senderFrame: foreign.mainFrame }, 'foreign origin'],
  ['an opaque origin', asMain(page({ frame: { origin: 'null' } })), 'foreign origin'],
  ['an origin that only begins like ours', asMain(page({ frame: { origin: 'app://main.evil' } })), 'foreign origin'],
])('%s is refused, with the reason logged once and nothing run', async (_name, event, reason) => {
  const { gate, lines } = openGate();
  for (let time = 0; time < 3; time++) {
    const answer = await gate.answer('desk:invoke', event, ['feed.pause', {}], () => {
      throw new Error('was run');
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
  }
  expect(lines).toEqual([`A message to the app was refused (desk:invoke: ${reason}).`]);
});

function asMain(sender: Page) {
  return { sender, senderFrame: sender.mainFrame };
}

test('a page is no longer trusted once its window is gone', async () => {
  const { gate, trust } = openGate();
  trust[Symbol.dispose]();
  const answer = await gate.answer('desk:attach', asMain(page()), [], () => ok(null));
  expect(answer).toMatchObject({ ok: false, error: { code: 'refused' } });
});

test('the sender is judged before anything is awaited', () => {
  const { gate } = openGate();
  let ran = false;
  const sender = page();
  const event = {
    sender,
    get senderFrame() {
      return ran ? null : sender.mainFrame;
    },
  };
  void gate.answer('desk:attach', event, [], () => {
    ran = true;
    return ok(null);
  });
  expect(ran).toBe(true);
});

test.each([
  ['desk:acknowledge-ticks', ['7']],
  ['desk:acknowledge-ticks', [-1]],
  ['desk:acknowledge-ticks', [Number.NaN]],
  ['desk:acknowledge-ticks', []],
  ['desk:attach', ['extra']],
  ['desk:interest', [null]],
  ['desk:interest', [[1, 2]]],
  ['desk:invoke', [{ name: 'feed.pause' }, {}]],
  ['desk:invoke', ['x'.repeat(65), {}]],
  ['shell:open-external', ['https://kite.trade/'.padEnd(2049, 'x')]],
] as const)('%s refuses %j without repeating it', async (channel, args) => {
  const { gate, lines } = openGate();
  const answer = await gate.answer(channel, asMain(page()), args, () => {
    throw new Error('was run');
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
  expect(lines).toEqual([`A message to the app was refused (${channel}: bad arguments).`]);
});

test('a handler that throws is a failure without its text, which goes into the log without secrets', async () => {
  const { gate, lines } = openGate();
  const answer = await gate.answer('desk:attach', asMain(page()), [], () => {
    throw new Error(`no file ${SECRET}`);
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(JSON.stringify([answer, lines])).not.toContain('abcdefghijkl');
  expect(lines[0]).toContain('desk:attach');
});
