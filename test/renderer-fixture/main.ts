import { FixtureBridge } from './fixture-bridge.ts';
import { findScenario } from './scenarios.ts';

const wanted = new URLSearchParams(location.search);
const scenario = findScenario(wanted.get('scenario') ?? 'live');
const theme = wanted.get('theme') === 'light' ? 'light' : 'dark';

Object.defineProperty(window, 'desk', { value: new FixtureBridge(scenario, theme) });
await import('../../renderer/main.tsx');
