import type { Bench, FigureSpec, Figures } from './bench.ts';

const WIDTHS = { what: 46, value: 18, budget: 16 } as const;

/** A benchmark's figures as lines: what, value, budget, margin. */
export function tableOf(bench: Bench, figures: Figures): string {
  const lines = bench.figures
    .filter(({ name }) => figures[name] !== undefined)
    .map((spec) => lineOf(spec, figures[spec.name] ?? Number.NaN));
  return [`${bench.name}: ${bench.title}`, ...lines].join('\n');
}

function lineOf(spec: FigureSpec, value: number): string {
  const { what, unit } = spec;
  return [
    `  ${what.padEnd(WIDTHS.what)}`,
    `${formatFigure(value)} ${unit}`.padStart(WIDTHS.value),
    budgetOf(spec).padStart(WIDTHS.budget),
    `  ${marginOf(spec, value)}`,
  ]
    .join(' ')
    .trimEnd();
}

function budgetOf({ atMost, atLeast, unit }: FigureSpec): string {
  if (atMost !== undefined) return `<= ${atMost} ${unit}`;
  return atLeast === undefined ? '' : `>= ${atLeast} ${unit}`;
}

/** Whether the value is within its budget, and by how much. */
function marginOf({ atMost, atLeast }: FigureSpec, value: number): string {
  if (atMost === undefined && atLeast === undefined) return '';
  if (Number.isNaN(value)) return 'not measured';
  const isWithin = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
  const ratio = atMost === undefined ? value / (atLeast ?? value) : atMost / value;
  const margin = ratio > 0 && Number.isFinite(ratio) ? `, ${ratio.toFixed(ratio < 1 ? 2 : 1)}x` : '';
  return `${isWithin ? 'within' : 'MISSED'}${margin}`;
}

/** Three significant figures; whole numbers from 100. */
function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
