import type { ScheduleState } from '../../src/contract/state.ts';
import { type IstDate, type IstTime, istDateOf, istTimeOf } from '../../src/market/ist.ts';

/** Before the login check: the PC wakes, joins the network and lets the app look around. */
const LEAD_MS = 10 * 60_000;

/** A daily moment at which the PC should be awake, from a day's plan. */
export interface WakePlan {
  /** Of the day whose plan it was taken from. */
  readonly date: IstDate;
  /** `HH:MM`. */
  readonly time: IstTime;
  /** The same as an instant, ms since the epoch. */
  readonly atMs: number;
}

/** When the PC should wake, from the day's first login check; null on a day without one. */
export function wakePlan({ steps }: ScheduleState): WakePlan | null {
  const check = steps.find(({ step }) => step === 'token-check');
  if (check === undefined) return null;
  const atMs = check.plannedAt - LEAD_MS;
  return { date: istDateOf(atMs), time: istTimeOf(atMs).slice(0, 5), atMs };
}

/** Names of the wake-up in the system's own lists. */
export const WAKE_UNIT = 'mydailytradingsignals-wake';
export const WAKE_TASK = 'MyDailyTradingSignals wake-up';

/** A user's systemd timer that wakes the PC every day; systemd knows the zone, so the PC's own does not matter. */
export function systemdTimer({ time }: WakePlan): string {
  return [
    '[Unit]',
    'Description=Wake the PC before the Indian market opens (MyDailyTradingSignals)',
    '',
    '[Timer]',
    `OnCalendar=*-*-* ${time}:00 Asia/Kolkata`,
    'WakeSystem=true',
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

/** A timer needs something to start; being awake is all that is wanted. */
export const systemdService = [
  '[Unit]',
  'Description=Wake the PC before the Indian market opens (MyDailyTradingSignals)',
  '',
  '[Service]',
  'Type=oneshot',
  'ExecStart=true',
  '',
].join('\n');

/**
 * A task of Windows' Task Scheduler that wakes the PC every day and does nothing else. The start has its zone with it, so
 * that the PC's own does not matter (https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema).
 */
export function windowsTask({ date, time }: WakePlan): string {
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    '    <Description>Wakes the PC before the Indian market opens (MyDailyTradingSignals).</Description>',
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <CalendarTrigger>',
    `      <StartBoundary>${date}T${time}:00+05:30</StartBoundary>`,
    '      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>',
    '    </CalendarTrigger>',
    '  </Triggers>',
    '  <Settings>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <WakeToRun>true</WakeToRun>',
    '  </Settings>',
    '  <Actions>',
    '    <Exec><Command>cmd.exe</Command><Arguments>/c exit 0</Arguments></Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}
