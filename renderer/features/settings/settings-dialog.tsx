import { Tabs } from '@base-ui/react/tabs';
import { type ReactElement, useRef } from 'react';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { type SettingsTab, useUi } from '../../state/ui-store.ts';
import { AboutSettings } from './about-settings.tsx';
import { AccountSettings } from './account-settings.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import './settings.css';

const tabs = [
  { value: 'general', name: 'General', Body: GeneralSettings },
  { value: 'account', name: 'Zerodha account', Body: AccountSettings },
  { value: 'notifications', name: 'Notifications', Body: NotificationSettings },
  { value: 'about', name: 'About', Body: AboutSettings },
] as const satisfies readonly { value: SettingsTab; name: string; Body: () => ReactElement }[];

export function SettingsDialog(): ReactElement {
  const tab = useUi((ui) => ui.settingsTab);
  const selected = useRef<HTMLButtonElement>(null);
  return (
    <DialogFrame name="settings" title="Settings" wide focus={selected}>
      <Tabs.Root
        className="settings"
        orientation="vertical"
        value={tab}
        onValueChange={(value: SettingsTab) => useUi.setState({ settingsTab: value })}
      >
        <Tabs.List className="settings__tabs">
          {tabs.map(({ value, name }) => (
            <Tabs.Tab key={value} ref={value === tab ? selected : null} className="settings__tab" value={value}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ value, Body }) => (
          <Tabs.Panel key={value} className="settings__panel" value={value}>
            <Body />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </DialogFrame>
  );
}
