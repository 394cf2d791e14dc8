import { Tabs } from '@base-ui/react/tabs';
import type { KeyboardEvent, ReactElement } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { istTime } from '../../format/ist.ts';
import { useDesk } from '../../state/desk-store.ts';
import { type BottomTab, useUi } from '../../state/ui-store.ts';
import { Activity } from './activity.tsx';
import { Alerts } from './alerts.tsx';
import { Doctor } from './doctor.tsx';
import { Health } from './health.tsx';
import { useTakesFocus, useTogglePanel } from './panel-focus.ts';
import './bottom-panel.css';

/** What the desk has been doing. Closed, it is one line with the latest entry. */
export function BottomPanel(): ReactElement {
  const open = useDesk((state) => state.settings.bottomPanelOpen);
  const toggle = useTogglePanel();
  return open ? <OpenPanel onClose={toggle} /> : <ClosedPanel onOpen={toggle} />;
}

function ClosedPanel({ onOpen }: { readonly onOpen: () => void }): ReactElement {
  const latest = useDesk((state) => state.activity.at(-1));
  const host = useTakesFocus<HTMLButtonElement>(null);
  return (
    <button
      ref={host}
      type="button"
      className="bottom-line"
      aria-expanded={false}
      title="Open the panel (B)"
      onClick={onOpen}
    >
      <Icon name="up" size={12} />
      <b>Activity</b>
      {latest === undefined ? (
        <span>Nothing yet</span>
      ) : (
        <span className="bottom-line__entry" data-level={latest.level}>
          <time>{istTime(latest.at)}</time> {latest.text}
        </span>
      )}
    </button>
  );
}

function OpenPanel({ onClose }: { readonly onClose: () => void }): ReactElement {
  const tab = useUi((ui) => ui.bottomTab);
  const alertCount = useDesk((state) => state.alerts.length);
  const host = useTakesFocus<HTMLDivElement>('[role="tab"][aria-selected="true"]');
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <Tabs.Root
      ref={host}
      className="bottom-panel"
      onKeyDown={onKeyDown}
      value={tab}
      onValueChange={(value: BottomTab) => useUi.setState({ bottomTab: value })}
    >
      <div className="bottom-panel__bar">
        <Tabs.List className="tabs">
          <Tabs.Tab className="tab" value="activity">
            Activity
          </Tabs.Tab>
          <Tabs.Tab className="tab" value="alerts">
            Alerts{alertCount === 0 ? '' : ` (${alertCount})`}
          </Tabs.Tab>
          <Tabs.Tab className="tab" value="health">
            Health
          </Tabs.Tab>
          <Tabs.Tab className="tab" value="doctor">
            Doctor
          </Tabs.Tab>
        </Tabs.List>
        <Button
          look="quiet"
          size="small"
          aria-expanded
          aria-label="Close the panel"
          title="Close (Esc, B)"
          onClick={onClose}
        >
          <Icon name="down" />
        </Button>
      </div>
      <Tabs.Panel className="bottom-panel__body" value="activity">
        <Activity />
      </Tabs.Panel>
      <Tabs.Panel className="bottom-panel__body" value="alerts">
        <Alerts />
      </Tabs.Panel>
      <Tabs.Panel className="bottom-panel__body" value="health">
        <Health />
      </Tabs.Panel>
      <Tabs.Panel className="bottom-panel__body" value="doctor">
        <Doctor />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
