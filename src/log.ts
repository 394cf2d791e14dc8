import type { ActivityEntry } from './contract/state.ts';

/** Where the parts of the desk say what they did, in words a trader can read. Texts never hold secrets. */
export type Log = (level: ActivityEntry['level'], area: ActivityEntry['area'], text: string) => void;
