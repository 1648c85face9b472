import { useEffect, useRef } from 'preact/hooks';
import { kept } from './kept.ts';

/** A chord has to be finished in this time. */
const CHORD_MS = 1_500;

type Act = () => void;

/** By key, such as `j`, `Shift x`, `Escape` or `g o`: who wants it. The last one in the list gets it. */
const wanted = new Map<string, Act[]>();
let areSingleKeysOn = kept.get('keys') !== 'off';
let chord = { first: '', atMs: 0 };

/** Single keys can be switched off, because speech input would press them by accident (WCAG 2.1.4). */
export const keys = {
  areOn: (): boolean => areSingleKeysOn,
  turn: (isOn: boolean): void => {
    areSingleKeysOn = isOn;
    kept.set('keys', isOn ? null : 'off');
  },
  /** Begins to listen. */
  listen: (): (() => void) => {
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  },
};

/**
 * Does something when a key is pressed, while the component is on the page. Never in a field, nor together
 * with Ctrl, Alt or Meta. `Space` only when no control has the focus.
 * @param key a key as the browser calls it, `Space`, `Shift x`, or a chord such as `g o`.
 * @param yields a view that wants the key gets it. Default: whoever asked last gets it.
 */
export const useKey = (
  key: string,
  act: Act,
  { yields = false }: { readonly yields?: boolean } = {},
): void => {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const mine = () => latest.current();
    const others = wanted.get(key) ?? [];
    // The effects of a view run before those of the page around it.
    wanted.set(key, yields ? [mine, ...others] : [...others, mine]);
    return () =>
      void wanted.set(
        key,
        (wanted.get(key) ?? []).filter((one) => one !== mine),
      );
  }, [key]);
};

const onKeyDown = (event: KeyboardEvent): void => {
  const { target, key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(target instanceof Element) || target.closest('input, textarea, select, dialog') !== null) return;
  const name = nameOf(event);
  if (name !== 'Escape' && !areSingleKeysOn) return;
  // A control uses Space itself.
  if (name === 'Space' && target.closest('a, button, summary, [tabindex="0"]') !== null) return;
  const isChord = event.timeStamp - chord.atMs < CHORD_MS && wanted.has(`${chord.first} ${name}`);
  const acts = wanted.get(isChord ? `${chord.first} ${name}` : name) ?? [];
  chord = { first: isChord ? '' : key, atMs: event.timeStamp };
  const act = acts.at(-1);
  if (act === undefined) return;
  event.preventDefault();
  act();
};

const nameOf = ({ key, shiftKey }: KeyboardEvent): string => {
  if (key === ' ') return 'Space';
  // `?` needs Shift on many keyboards, and is a key of its own.
  return shiftKey && /^[a-z]$/i.test(key) ? `Shift ${key.toLowerCase()}` : key;
};
