import { contextBridge } from 'electron/renderer';
import { createPageBridge } from './ipc/page-bridge.ts';
import { preloadIpc } from './ipc/preload-ipc.ts';

// The interface looks for `window.desk`, and for nothing else of the shell's.
contextBridge.exposeInMainWorld('desk', createPageBridge(preloadIpc));
