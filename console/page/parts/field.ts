import { html } from '../html.ts';
import { Icon } from './icon.ts';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** What is wrong with the value. It takes the place of the hint. */
  readonly problem: string | undefined;
  readonly hint?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly isNumber?: boolean;
  /** A screen reader hears the problem when it comes. Not with a list of problems, which says them all. */
  readonly isAnnounced?: boolean;
  readonly onValue: (value: string) => void;
}

/** A labelled field, with what is wrong with it below. */
export const Field = (props: FieldProps) => {
  const { id, label, value, problem, hint = '', placeholder, isNumber = false, isAnnounced = true } = props;
  const below = problem === undefined ? (hint === '' ? undefined : `${id}-hint`) : `${id}-problem`;
  return html`<div class="fld">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      value=${value}
      placeholder=${placeholder}
      inputmode=${isNumber ? 'decimal' : undefined}
      autocomplete="off"
      spellcheck=${false}
      aria-invalid=${problem === undefined ? undefined : 'true'}
      aria-describedby=${below}
      onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => props.onValue(currentTarget.value)}
    />
    ${
      problem === undefined
        ? null
        : html`<span class="er" id=${below} role=${isAnnounced ? 'alert' : undefined}
            ><${Icon} shape="bad" /><span>${problem}</span></span
          >`
    }
    ${problem !== undefined || hint === '' ? null : html`<span class="hint" id=${below}>${hint}</span>`}
  </div>`;
};
