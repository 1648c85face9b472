import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Dialog } from '../parts/dialog.ts';
import type { View } from '../view.ts';
import { CHORDS } from './chords.ts';
import { keys } from './keys.ts';

const IN_LISTS = [
  ['Next, previous', 'j', 'k'],
  ['Open', 'Enter'],
  ['Close', 'Esc'],
  ['Select', 'x'],
  ['Select all that fit', 'Shift x'],
  ['Edit', 'e'],
  ['Dry run, discard', 'r', 'd'],
] as const;

interface KeysDialogProps {
  readonly views: readonly View[];
  readonly onClose: () => void;
}

/** Every key, and the switch that turns single keys off. No key sends, redrives or discards. */
export const KeysDialog = ({ views, onClose }: KeysDialogProps) => {
  const [areOn, setOn] = useState(keys.areOn);
  const turn = (): void => {
    keys.turn(!areOn);
    setOn(!areOn);
  };
  return html`<${Dialog} title="Keys" onClose=${onClose}>
    <div class="keys">
      <h3>Everywhere</h3>
      <${KeyLine} what="Find an id" names=${['/']} />
      ${views.map(({ name, title }) =>
        CHORDS[name] === undefined
          ? null
          : html`<${KeyLine} key=${name} what=${title} names=${[`g ${CHORDS[name]}`]} />`,
      )}
      <${KeyLine} what="Pause, go on" names=${['Space']} />
      <${KeyLine} what="These keys" names=${['?']} />
    </div>
    <div class="keys">
      <h3>Lists</h3>
      ${IN_LISTS.map(([what, ...names]) => html`<${KeyLine} key=${what} what=${what} names=${names} />`)}
    </div>
    <p>
      <label><input type="checkbox" checked=${areOn} onChange=${turn} /> Single keys work</label>
    </p>
  <//>`;
};

const KeyLine = ({ what, names }: { readonly what: string; readonly names: readonly string[] }) => html`
  <div><span>${what}</span><span>${names.map((name) => html`<kbd key=${name}>${name}</kbd> `)}</span></div>
`;
