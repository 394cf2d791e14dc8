import { CandleChart } from '../../renderer/features/chart/candle-chart.ts';
import { resolveChartColors } from '../../renderer/features/chart/chart-colors.ts';
import { CandleBook } from '../../renderer/state/candle-book.ts';
import { useUi } from '../../renderer/state/ui-store.ts';
import { FixtureBridge } from './fixture-bridge.ts';
import { findScenario } from './scenarios.ts';

const wanted = new URLSearchParams(location.search);
const scenario = findScenario(wanted.get('scenario') ?? 'live');
const theme = wanted.get('theme') === 'light' ? 'light' : 'dark';
const bridge = new FixtureBridge(scenario, theme);

Object.defineProperty(window, 'desk', { value: bridge });
// For specs of the chart alone, on the library itself.
Object.defineProperty(window, 'chartParts', { value: { CandleBook, CandleChart, resolveChartColors } });
await import('../../renderer/main.tsx');
useUi.setState(scenario.ui);
await bridge.settled;
document.documentElement.dataset.settled = 'true';
