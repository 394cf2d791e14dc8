/** The design tokens the chart draws with. A canvas knows no custom properties, so they are resolved to plain colours. */
const tokens = {
  background: '--panel',
  text: '--muted',
  grid: '--grid',
  line: '--line',
  up: '--up',
  down: '--down',
  volume: '--volume',
  indicative: '--amber',
  previousClose: '--line-strong',
  crosshairLabel: '--crosshair-label',
  preOpen: '--shade-pre-open',
  closingAuction: '--shade-closing-auction',
  outage: '--shade-outage',
} as const;

export type ChartColors = Readonly<Record<keyof typeof tokens, string>>;

/** The tokens' present values as `host` sees them. */
export function resolveChartColors(host: HTMLElement): ChartColors {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const colors: Partial<Record<keyof typeof tokens, string>> = {};
  for (const [name, token] of Object.entries(tokens) as [keyof typeof tokens, string][]) {
    probe.style.color = `var(${token})`;
    colors[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colors as ChartColors;
}
