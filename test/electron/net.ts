import type { Net } from 'electron';
import { guarded } from './guard.ts';
import { netFetch } from './net-fetch.ts';

let online = true;

export const net = guarded('net', {
  fetch: netFetch,
  isOnline: (): boolean => online,
  get online(): boolean {
    return online;
  },
} satisfies Partial<Net>);

/** The machine's network came or went. */
export function setOnline(value: boolean): void {
  online = value;
}
