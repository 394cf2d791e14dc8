import type { WakePlan } from './wake-plan.ts';

/** What a trader has to know, by system. `docs/waking-the-pc.md` has it at length. */
export function wakeHelp(
  platform: NodeJS.Platform,
  plan: WakePlan | null,
  localTime: (atMs: number) => string,
): string {
  const time = plan === null ? null : localTime(plan.atMs);
  const intro =
    time === null
      ? 'There is no login check today, so there is no time to wake for yet: look here again on a trading day.'
      : `The PC should be awake at ${time} (its own time), ten minutes before the login check. A PC that is switched off cannot be woken by an app.`;
  return [intro, '', ...systemHelp(platform, time ?? 'HH:MM')].join('\n');
}

function systemHelp(platform: NodeJS.Platform, time: string): readonly string[] {
  switch (platform) {
    case 'win32':
      return [
        'Set up adds a daily task to your Task Scheduler that wakes the PC; no administrator is needed.',
        'Also allow it in Power Options: Change plan settings, Advanced, Sleep, Allow wake timers: Enable.',
      ];
    case 'darwin':
      return [
        'macOS leaves this to an administrator. In Terminal:',
        `sudo pmset repeat wakeorpoweron MTWRFSU ${time}:00`,
        'To take it back: sudo pmset repeat cancel',
      ];
    default:
      return [
        'Set up adds a daily timer to your own systemd; it needs systemd 254 or newer and a local login.',
        `Without that, an administrator can do it each evening: sudo rtcwake -m no -t "$(date -d 'tomorrow ${time}' +%s)"`,
      ];
  }
}
