import { Tabs } from '@base-ui/react/tabs';
import type { ReactElement } from 'react';
import { useLayout } from '../../state/layout.ts';
import { type MainPanel, showMainPanel, useUi } from '../../state/ui-store.ts';
import { BottomPanel } from '../bottom-panel/bottom-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { Detail } from '../detail/detail.tsx';
import { IndexCards } from '../index-cards/index-cards.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { Watchlist } from '../watchlist/watchlist.tsx';
import './workspace.css';

/** What the trader works with. Cards and watchlist keep their place in every window; the rest makes do with what is left. */
export function Workspace(): ReactElement {
  const layout = useLayout();
  return (
    <main className="workspace" data-layout={layout}>
      <div className="workspace__left">
        <IndexCards />
        <Watchlist />
      </div>
      {layout === 'tabbed' ? (
        <ChartOrDetails />
      ) : (
        <>
          <ChartPanel />
          <Details />
        </>
      )}
      <BottomPanel />
    </main>
  );
}

/** Order book and figures of what is selected, and the day's plan: beside or below each other, as there is room. */
function Details(): ReactElement {
  return (
    <div className="details">
      <div className="details__parts">
        <Detail />
        <Timeline />
      </div>
    </div>
  );
}

function ChartOrDetails(): ReactElement {
  const panel = useUi((ui) => ui.mainPanel);
  return (
    <Tabs.Root className="main-tabs" value={panel} onValueChange={(value: MainPanel) => showMainPanel(value)}>
      <Tabs.List className="tabs main-tabs__list" aria-label="Chart or details">
        <Tabs.Tab className="tab" value="chart">
          Chart
        </Tabs.Tab>
        <Tabs.Tab className="tab" value="details">
          Depth and day
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel className="main-tabs__panel" value="chart" tabIndex={-1}>
        <ChartPanel />
      </Tabs.Panel>
      <Tabs.Panel className="main-tabs__panel" value="details" tabIndex={-1}>
        <Details />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
