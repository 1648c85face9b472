import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.ts';

/** A filter asks the server anew, so a word is not sent letter by letter. */
const TYPING_MS = 300;
const LABEL = 'Order, payment, event id or error text';
/** As the server has it. */
export const TEXT_CHARACTERS_MAX = 200;

interface FilterTextProps {
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** The text of a filter. What is being typed is sent a moment later, and nothing writes over it. */
export const FilterText = ({ text, onText }: FilterTextProps) => {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The place that is shown then, which may be another one than when it was typed.
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    // The address changed by itself, as by a link; what is being typed stays.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = text;
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(currentTarget.value.trim()), TYPING_MS);
  };
  return html`<label class="grow"
    ><span class="sr">${LABEL}</span
    ><input
      ref=${input}
      type="search"
      placeholder=${LABEL}
      spellcheck=${false}
      autocomplete="off"
      maxlength=${TEXT_CHARACTERS_MAX}
      onInput=${type}
  /></label>`;
};
