import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => ({ app: null as EventEmitter | null }));

const silentSession = () => ({
  setPermissionRequestHandler: vi.fn(),
  setPermissionCheckHandler: vi.fn(),
  setDevicePermissionHandler: vi.fn(),
});

vi.mock('electron/main', () => {
  electron.app = new EventEmitter();
  return { app: electron.app, session: { defaultSession: silentSession() } };
});

test('a site that asks for a client certificate gets none, whatever certificates this PC has', async () => {
  const { setupPermissions } = await import('../../../electron/permissions.ts');
  setupPermissions();
  const preventDefault = vi.fn();
  const answer = vi.fn();
  const certificates = [{ subjectName: 'The trader' }, { subjectName: 'The trader’s bank' }];
  electron.app?.emit(
    'select-client-certificate',
    { preventDefault },
    {},
    'https://kite.zerodha.com/',
    certificates,
    answer,
  );
  expect(preventDefault).toHaveBeenCalledOnce();
  expect(answer.mock.calls).toEqual([[]]);
});

test('every session that is opened later answers permissions and devices itself', async () => {
  const { setupPermissions } = await import('../../../electron/permissions.ts');
  setupPermissions();
  const opened = silentSession();
  electron.app?.emit('session-created', opened);
  const [decide] = opened.setDevicePermissionHandler.mock.calls[0] ?? [];
  expect(decide()).toBe(false);
  expect(opened.setPermissionRequestHandler).toHaveBeenCalled();
  expect(opened.setPermissionCheckHandler).toHaveBeenCalled();
});
