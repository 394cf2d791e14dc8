import { create } from 'zustand';
import type { CommandError } from '../../src/contract/result.ts';

export type DialogName = 'settings' | 'sign-in' | 'add-instrument' | 'help';
export type SettingsTab = 'general' | 'account' | 'notifications' | 'about';
export type BottomTab = 'activity' | 'alerts' | 'health' | 'doctor';

/** What the trader is looking at; lives as long as the page. */
export interface UiState {
  /** Key of the instrument in the chart and the detail panel; null: the first one. */
  readonly selectedKey: string | null;
  /** IST date of the chart; null: the desk's current day. */
  readonly chartDate: string | null;
  readonly dialog: DialogName | null;
  readonly settingsTab: SettingsTab;
  readonly bottomTab: BottomTab;
  /** The last command that failed where nothing else says so. */
  readonly commandError: CommandError | null;
  /** The login under way: its page, once the desk has named it, or why it could not begin. */
  readonly login: { readonly url: string | null; readonly error: string | null };
}

export const useUi = create<UiState>()(() => ({
  selectedKey: null,
  chartDate: null,
  dialog: null,
  settingsTab: 'general',
  bottomTab: 'activity',
  commandError: null,
  login: { url: null, error: null },
}));

export function selectInstrument(key: string): void {
  useUi.setState({ selectedKey: key, chartDate: null });
}

export function openDialog(dialog: DialogName): void {
  useUi.setState({ dialog });
}

export function openSettings(settingsTab: SettingsTab): void {
  useUi.setState({ dialog: 'settings', settingsTab });
}

export function closeDialog(): void {
  useUi.setState({ dialog: null });
}
