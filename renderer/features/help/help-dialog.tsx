import { type ReactElement, useId } from 'react';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { formatPrice } from '../../format/numbers.ts';
import { useDesk } from '../../state/desk-store.ts';
import './help.css';

const keys = [
  ['1 to 6', 'Select spot or future of a card'],
  ['↑ ↓', 'Move in the cards or the watchlist'],
  ['W', 'To the watchlist; Page ↑ ↓, Home and End work there too'],
  ['A', 'Add an instrument to the watchlist'],
  ['Alt ↑ ↓', 'Move the watched instrument up or down'],
  ['Delete', 'Remove it; Ctrl Z brings it back'],
  ['[ and ]', 'Day before and after in the chart'],
  ['D', 'Chart, or depth and day, in a narrow window'],
  ['B', 'Open or close the bottom panel'],
  ['L', 'Sign in'],
  ['P', 'Pause a simulation, or let it go on'],
  ['S', 'Speed, jumps and the way out of a simulation'],
  ['Esc', 'Close what is open'],
  ['Ctrl ,', 'Settings'],
  ['?', 'This page'],
] as const;

const kinds = [
  ['live', 'Live', 'From continuous trading.'],
  ['indicative', 'Indicative', 'An auction is still looking for a price.'],
  ['frozen', 'Frozen or close', 'Not trading now: the last value, or the session’s close, with its time.'],
  ['previous-close', 'Previous close', 'From an earlier session.'],
] as const;

/** How to read the numbers, and the keys. */
export function HelpDialog(): ReactElement {
  const id = useId();
  const singleKeys = useDesk((state) => state.settings.singleKeys);
  return (
    <DialogFrame name="help" title="Help" wide>
      <div className="help">
        <section aria-labelledby={`${id}-prices`}>
          <h3 id={`${id}-prices`} className="help__title">
            How to read a price
          </h3>
          <table className="help__table">
            <tbody>
              {kinds.map(([kind, name, meaning]) => (
                <tr key={kind}>
                  <td>
                    <span className="price__figure" data-kind={kind} data-stale={false}>
                      {formatPrice(24357.5)}
                    </span>
                  </td>
                  <td>
                    <strong>{name}</strong>
                    <br />
                    {meaning}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby={`${id}-keys`}>
          <h3 id={`${id}-keys`} className="help__title">
            Keys
          </h3>
          <table className="help__table">
            <tbody>
              {keys.map(([key, meaning]) => (
                <tr key={key}>
                  <td>
                    <kbd>{key}</kbd>
                  </td>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {singleKeys ? null : <p className="help__note">Single-key shortcuts are switched off in the settings.</p>}
        </section>
      </div>
    </DialogFrame>
  );
}
