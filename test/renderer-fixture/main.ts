import { useUi } from '../../renderer/state/ui-store.ts';
import { FixtureBridge } from './fixture-bridge.ts';
import { findScenario } from './scenarios.ts';

const wanted = new URLSearchParams(location.search);
const scenario = findScenario(wanted.get('scenario') ?? 'live');
const theme = wanted.get('theme') === 'light' ? 'light' : 'dark';
const bridge = new FixtureBridge(scenario, theme);

Object.defineProperty(window, 'desk', { value: bridge });
await import('../../renderer/main.tsx');
useUi.setState(scenario.ui);
await bridge.settled;
document.documentElement.dataset.settled = 'true';
