import { expect, test } from 'vitest';
import { type MenuActions, menuTemplate } from '../../../electron/menu/menu-template.ts';

const actions: MenuActions = {
  signIn: () => {},
  setPaused: () => {},
  setTheme: () => {},
  showWakeHelp: () => {},
  openLink: () => {},
};

type Items = ReturnType<typeof menuTemplate>;

function flat(items: Items): Items {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

const menu = (platform: NodeJS.Platform, developer = false, changes = {}): Items =>
  flat(menuTemplate({ paused: false, theme: 'system', ...changes }, actions, { platform, developer }));

test.each([
  'win32',
  'linux',
  'darwin',
] as const)('on %s one can quit, copy, zoom and sign in from the menu', (platform) => {
  const items = menu(platform);
  const roles = items.map(({ role }) => role);
  expect(roles).toEqual(expect.arrayContaining(['quit', 'editMenu', 'zoomIn', 'close', 'about', 'windowMenu']));
  expect(roles.filter((role) => role === 'quit')).toHaveLength(1);
  expect(items.find(({ id }) => id === 'sign-in')?.accelerator).toBe('CmdOrCtrl+L');
});

test('developer tools are in the menu of a development build only', () => {
  const hasTools = (developer: boolean) => menu('linux', developer).some(({ role }) => role === 'toggleDevTools');
  expect([hasTools(true), hasTools(false)]).toEqual([true, false]);
});

test('the menu shows the theme in force and offers to resume a paused feed', () => {
  const items = menu('linux', false, { paused: true, theme: 'dark' });
  expect(items.filter(({ type, checked }) => type === 'radio' && checked).map(({ label }) => label)).toEqual(['Dark']);
  expect(items.find(({ id }) => id === 'pause')?.label).toBe('Resume Feed');
});
