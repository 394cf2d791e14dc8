/** Loaded into the real Electron before the app: remembers the tray icon, which Electron does not list. */
const { Tray } = require('electron');

let tray = null;
let toolTip = '';
let menu = null;

for (const [name, remember] of Object.entries({
  setToolTip(text) {
    tray = this;
    toolTip = text;
  },
  setContextMenu(shown) {
    tray = this;
    menu = shown;
  },
  destroy() {
    tray = null;
  },
})) {
  const original = Tray.prototype[name];
  Tray.prototype[name] = function remembered(...args) {
    remember.apply(this, args);
    return original.apply(this, args);
  };
}

globalThis.mdtsProbe = {
  // Which image a tray shows is not told by Electron.
  tray: () => (tray === null ? null : { image: null, toolTip, items: menu?.items.map(({ label }) => label) ?? [] }),
  clickTray: () => tray?.emit('click', {}),
  chooseFromTray: (label) => menu?.items.find((item) => item.label === label)?.click(),
};
