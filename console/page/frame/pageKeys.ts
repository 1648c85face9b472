import { html } from '../html.ts';
import { CHORDS } from './chords.ts';
import { useKey } from './keys.ts';
import { moveRow } from './moveRow.ts';
import { goTo } from './route.ts';

interface PageKeysProps {
  readonly onKeys: () => void;
  readonly onPause: () => void;
}

/** The keys that work in every view. It shows nothing. */
export const PageKeys = ({ onKeys, onPause }: PageKeysProps) => {
  useKey('?', onKeys);
  useKey('Space', onPause);
  useKey('j', () => moveRow(1), { yields: true });
  useKey('k', () => moveRow(-1), { yields: true });
  return html`${Object.entries(CHORDS).map(
    ([name, letter]) => html`<${Chord} key=${name} name=${name} letter=${letter} />`,
  )}`;
};

/** `g` and a letter show a view. */
const Chord = ({ name, letter }: { readonly name: string; readonly letter: string }) => {
  useKey(`g ${letter}`, () => goTo(`#${name}`));
  return null;
};
