/**
 * Loaded into the real Electron before the app: remembers what Electron does not list (the tray icon, notifications), and
 * stands in for the person before a message box and for the system's browser.
 */
const { Notification, Tray, app, dialog, session, shell } = require('electron');

/** Has `notice` called on every call of a class's method, before the method itself. */
function follow(prototype, name, notice) {
  const original = prototype[name];
  prototype[name] = function followed(...args) {
    notice(this, ...args);
    return original.apply(this, args);
  };
}

let tray = null;
let toolTip = '';
let menu = null;
follow(Tray.prototype, 'setToolTip', (self, text) => {
  tray = self;
  toolTip = text;
});
follow(Tray.prototype, 'setContextMenu', (self, shown) => {
  tray = self;
  menu = shown;
});
follow(Tray.prototype, 'destroy', () => {
  tray = null;
});

/**
 * Every notification shown, oldest first; `shown` is Electron's object. That the system takes one away after a time, or
 * shows none at all, is not the app's doing.
 */
const notifications = [];
follow(Notification.prototype, 'show', (self) => void notifications.push({ shown: self, standing: true }));
follow(Notification.prototype, 'close', (self) => {
  const notification = notifications.find(({ shown }) => shown === self);
  if (notification !== undefined) notification.standing = false;
});

/** Message boxes that wait for an answer. */
const dialogs = [];
dialog.showMessageBox = (...args) => {
  const { message, detail = '', buttons = ['OK'], defaultId = -1, cancelId = -1 } = args.at(-1);
  const keys = { byEnter: buttons[defaultId] ?? null, byEscape: buttons[cancelId] ?? null };
  return new Promise((answer) => dialogs.push({ message, detail, buttons, ...keys, answer }));
};
// Would stand there until the test is over.
dialog.showErrorBox = (title, text) => void process.stderr.write(`${title}: ${text}\n`);

const opened = [];
shell.openExternal = async (url) => void opened.push(url);

const sessions = [];
const downloads = [];
app.on('session-created', (created) => {
  sessions.push(created);
  created.on('will-download', (event, item) => {
    // The app's own listener comes after this one.
    setImmediate(() => downloads.push({ url: item.getURL(), allowed: !event.defaultPrevented }));
  });
});

globalThis.mdtsProbe = {
  // Which image a tray shows is not told by Electron.
  tray: () => (tray === null ? null : { image: null, toolTip, items: menu?.items.map(({ label }) => label) ?? [] }),
  clickTray: () => void tray?.emit('click', {}),
  chooseFromTray: (label) => {
    const item = menu?.items.find((each) => each.label === label);
    if (item === undefined) throw new Error(`the tray has no ${label}`);
    item.click();
  },
  notifications: () =>
    notifications.map(({ shown: { title, body, urgency }, standing }) => {
      return { title, body, urgent: urgency === 'critical', standing };
    }),
  clickNotification: () => {
    const newest = notifications.findLast(({ standing }) => standing);
    if (newest === undefined) throw new Error('no notification stands');
    newest.standing = false;
    newest.shown.emit('click', {});
  },
  dialogs: () => dialogs.map(({ answer: _answer, ...shown }) => shown),
  answerDialog: (button) => {
    const [oldest] = dialogs;
    const response = oldest?.buttons.indexOf(button) ?? -1;
    if (response < 0) throw new Error(`no open dialog has the button "${button}"`);
    dialogs.shift();
    oldest.answer({ response, checkboxChecked: false });
  },
  openedExternally: () => opened,
  downloads: () => downloads,
  loginCookies: async () => {
    const others = sessions.filter((each) => each !== session.defaultSession);
    const cookies = await Promise.all(others.map((each) => each.cookies.get({})));
    return cookies.flat().map(({ name }) => name);
  },
};
