import { create } from 'zustand';
import type { CommandError } from '../../src/contract/result.ts';
import { remember, remembered } from './remembered.ts';

export type DialogName = 'settings' | 'sign-in' | 'add-instrument' | 'help';
export type SettingsTab = 'general' | 'account' | 'notifications' | 'about';
export type BottomTab = 'activity' | 'alerts' | 'health' | 'doctor';
/** What is beside cards and watchlist in a window with room for one of the two. */
export type MainPanel = 'chart' | 'details';
/** How much of the day the chart shows: its last two hours, or all of it. */
export type ChartRange = 'near' | 'day';

/** What the trader is looking at; lives as long as the page, but for `mainPanel`, which the next start finds again. */
export interface UiState {
  /** Key of the instrument in the chart and the detail panel; null: the first one. */
  readonly selectedKey: string | null;
  /** IST date of the chart; null: the desk's current day. */
  readonly chartDate: string | null;
  readonly chartRange: ChartRange;
  readonly mainPanel: MainPanel;
  readonly dialog: DialogName | null;
  readonly settingsTab: SettingsTab;
  readonly bottomTab: BottomTab;
  /** The bottom panel takes the focus as soon as it is there: it was asked for, or had the focus in its other form. */
  readonly bottomTakesFocus: boolean;
  /** The last command that failed where nothing else says so. */
  readonly commandError: CommandError | null;
  /** The login under way: its page, once the desk has named it, or why it could not begin. */
  readonly login: { readonly url: string | null; readonly error: string | null };
  /** The trader has ended the app from here: that it is gone is no fault. */
  readonly hasEnded: boolean;
}

export const useUi = create<UiState>()(() => ({
  selectedKey: null,
  chartDate: null,
  chartRange: 'near',
  mainPanel: remembered('main-panel', ['chart', 'details'], 'chart'),
  dialog: null,
  settingsTab: 'general',
  bottomTab: 'activity',
  bottomTakesFocus: false,
  commandError: null,
  login: { url: null, error: null },
  hasEnded: false,
}));

export function selectInstrument(key: string): void {
  useUi.setState({ selectedKey: key, chartDate: null });
}

/** Another market takes the place of the one that was looked at: what was chosen or said of it goes with it. */
export function forgetMarket(): void {
  useUi.setState({
    selectedKey: null,
    chartDate: null,
    dialog: null,
    commandError: null,
    login: { url: null, error: null },
  });
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

export function showMainPanel(mainPanel: MainPanel): void {
  useUi.setState({ mainPanel });
  remember('main-panel', mainPanel);
}
